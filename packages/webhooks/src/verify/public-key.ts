import { type Bytes, base64ByteLength, fromBase64, fromHex } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";

/**
 * A public key as it is handed around: PEM (`-----BEGIN PUBLIC KEY-----`), the base64 inside a PEM, or the bytes of it (SPKI).
 * An Ed25519 key also as its 32 raw bytes, or these as base64 or hexadecimal.
 */
export type PublicKey = string | Uint8Array;

/** A key in the form WebCrypto imports. */
export interface KeyMaterial {
  readonly format: "raw" | "spki";
  readonly bytes: Bytes;
}

const ED25519_RAW_BYTES = 32;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself: RFC 8410, section 4. */
const ED25519_SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const ED25519_SPKI_BYTES = ED25519_SPKI_PREFIX.length + ED25519_RAW_BYTES;

function base64OfAnyLength(text: string): Bytes | undefined {
  return fromBase64(text, base64ByteLength(text));
}

/**
 * The base64 between the lines of a PEM, or the text itself without white space. Line breaks may be written out as `\\n`: environment
 * files and secret stores keep a PEM in one line that way.
 */
function base64Of(key: string): string {
  const text = key.replace(/\\r|\\n/g, "\n");
  const pem = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(text);
  return (pem?.[1] ?? text).replace(/\s+/g, "");
}

/** A copy; `undefined` for a key that is neither text nor bytes, such as a variable that was not set. */
const bytesOf = (key: unknown): Bytes | undefined => (key instanceof Uint8Array ? Uint8Array.from(key) : undefined);

/** Throws WebhookConfigurationError for anything that is not an Ed25519 public key. */
export function ed25519Material(key: PublicKey): KeyMaterial {
  const text = typeof key === "string" ? base64Of(key) : undefined;
  const bytes =
    typeof key === "string" ? (fromHex(text ?? "", ED25519_RAW_BYTES) ?? base64OfAnyLength(text ?? "")) : bytesOf(key);
  if (bytes?.length === ED25519_RAW_BYTES) return { format: "raw", bytes };
  if (bytes?.length === ED25519_SPKI_BYTES && ED25519_SPKI_PREFIX.every((byte, index) => bytes[index] === byte)) {
    return { format: "raw", bytes: bytes.slice(ED25519_SPKI_PREFIX.length) };
  }
  throw new WebhookConfigurationError(
    "not an Ed25519 public key: give PEM, SPKI base64, or 32 raw bytes as base64 or hex",
  );
}

/** Throws WebhookConfigurationError for what cannot be an RSA public key; WebCrypto itself judges the rest on import. */
export function rsaMaterial(key: PublicKey): KeyMaterial {
  const bytes = typeof key === "string" ? base64OfAnyLength(base64Of(key)) : bytesOf(key);
  // 0x30: the DER SEQUENCE that every SubjectPublicKeyInfo is (RFC 5280, section 4.1). 2048 bits take 294 bytes.
  if (bytes === undefined || bytes.length < 294 || bytes[0] !== 0x30) {
    throw new WebhookConfigurationError(
      "not an RSA public key of 2048 bits or more: give PEM, SPKI base64 or SPKI bytes",
    );
  }
  return { format: "spki", bytes };
}
