import { toBase64 } from "@ghl-edge/core";

/** A pair of RSASSA-PKCS1-v1_5 keys of WebCrypto, the public one extractable. */
export interface EmulatedRsaKeys {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

export interface RsaSigner {
  /** SubjectPublicKeyInfo in base64. */
  readonly publicKey: string;
  /** The value of `X-WH-Signature`. */
  sign(body: Uint8Array<ArrayBuffer>): Promise<string>;
}

// PKCS #1 v1.5 with SHA-256, as HighLevel's older header was (webhook page until 2026-09)
const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

const base64 = (bytes: ArrayBuffer): string => toBase64(new Uint8Array(bytes));

/** WebCrypto makes RSA keys from no seed: where none is given, each emulator has one of its own. */
export async function createRsaSigner(given: EmulatedRsaKeys | undefined): Promise<RsaSigner> {
  const keys =
    given ??
    ((await crypto.subtle.generateKey(
      { ...ALGORITHM, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
      true,
      ["sign", "verify"],
    )) as EmulatedRsaKeys);
  return {
    publicKey: base64((await crypto.subtle.exportKey("spki", keys.publicKey)) as ArrayBuffer),
    sign: async (body) => base64(await crypto.subtle.sign(ALGORITHM.name, keys.privateKey, body)),
  };
}
