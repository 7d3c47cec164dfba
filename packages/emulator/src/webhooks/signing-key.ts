import { fromBase64Url, toBase64 } from "@ghl-edge/core";
import type { Random } from "../core/random.ts";

/** DER before the 32 secret bytes of an Ed25519 key in PKCS #8 (RFC 8410 section 7). */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/** DER before the 32 public bytes in SubjectPublicKeyInfo (RFC 8410 section 4). */
const SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

export interface SigningKey {
  /** SubjectPublicKeyInfo in base64, as HighLevel publishes its own. */
  readonly publicKey: string;
  /** Base64 of the 64 signature bytes: the value of `X-GHL-Signature`. */
  sign(body: Uint8Array<ArrayBuffer>): Promise<string>;
}

/** The emulator's own key pair, made from its seed. It is no key of HighLevel's. */
export async function createSigningKey(random: Random): Promise<SigningKey> {
  const pkcs8 = Uint8Array.from([...PKCS8_PREFIX, ...random.bytes(32)]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = (await crypto.subtle.exportKey("jwk", key)) as { x?: string };
  if (x === undefined) throw new TypeError("the runtime did not export the public half of an Ed25519 key");
  return {
    publicKey: toBase64(Uint8Array.from([...SPKI_PREFIX, ...fromBase64Url(x)])),
    sign: async (body) => toBase64(new Uint8Array(await crypto.subtle.sign("Ed25519", key, body))),
  };
}
