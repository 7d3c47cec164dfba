import { describeSecret } from "@ghl-edge/core";
import { type Bytes, base64ByteLength, fromBase64, fromHex } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";

/**
 * A public key: PEM (`-----BEGIN PUBLIC KEY-----`), the base64 inside a PEM, or its bytes (SPKI). An Ed25519 key may also be its 32 raw
 * bytes, as bytes, base64 or hexadecimal.
 */
export type PublicKey = string | Uint8Array;

/** A key in a format that WebCrypto imports. */
export interface KeyMaterial {
  readonly format: "raw" | "spki";
  readonly bytes: Bytes;
}

const ED25519_RAW_BYTES = 32;
/** Start of the SubjectPublicKeyInfo of an Ed25519 key, before the key itself (RFC 8410, section 4). */
const ED25519_SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const ED25519_SPKI_BYTES = ED25519_SPKI_PREFIX.length + ED25519_RAW_BYTES;

function base64OfAnyLength(text: string): Bytes | undefined {
  return fromBase64(text, base64ByteLength(text));
}

/**
 * Returns the base64 of a PEM, or the text itself without white space. Line breaks may be written as `\\n`, because environment files and
 * secret stores have a PEM in one line.
 */
function base64Of(key: string): string {
  const text = key.replace(/\\r|\\n/g, "\n");
  const pem = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(text);
  return (pem?.[1] ?? text).replace(/\s+/g, "");
}

/** Copies the bytes. Returns undefined for a key that is neither text nor bytes, such as an unset variable. */
const bytesOf = (key: unknown): Bytes | undefined => (key instanceof Uint8Array ? Uint8Array.from(key) : undefined);

/** @throws {WebhookConfigurationError} unless the key is an Ed25519 public key */
export function ed25519Material(key: PublicKey): KeyMaterial {
  const text = typeof key === "string" ? base64Of(key) : undefined;
  const bytes =
    typeof key === "string" ? (fromHex(text ?? "", ED25519_RAW_BYTES) ?? base64OfAnyLength(text ?? "")) : bytesOf(key);
  if (bytes?.length === ED25519_RAW_BYTES) return { format: "raw", bytes };
  if (bytes?.length === ED25519_SPKI_BYTES && ED25519_SPKI_PREFIX.every((byte, index) => bytes[index] === byte)) {
    return { format: "raw", bytes: bytes.slice(ED25519_SPKI_PREFIX.length) };
  }
  throw new WebhookConfigurationError(
    `each of keys must be an Ed25519 public key (PEM, SPKI base64, or 32 raw bytes as base64 or hex), got ${describeSecret(key)}`,
  );
}

/** @throws {WebhookConfigurationError} when this cannot be an RSA public key. WebCrypto checks the rest on import. */
export function rsaMaterial(key: PublicKey): KeyMaterial {
  const bytes = typeof key === "string" ? base64OfAnyLength(base64Of(key)) : bytesOf(key);
  // 0x30 starts the DER SEQUENCE of every SubjectPublicKeyInfo (RFC 5280, section 4.1). 2048 bits take 294 bytes.
  if (bytes === undefined || bytes.length < 294 || bytes[0] !== 0x30) {
    throw new WebhookConfigurationError(
      `each of legacyRsa.keys must be an RSA public key of 2048 bits or more (PEM, SPKI base64 or SPKI bytes), got ${describeSecret(key)}`,
    );
  }
  return { format: "spki", bytes };
}
