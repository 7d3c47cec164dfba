import { type Bytes, base64ByteLength, fromBase64, toBase64 } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme (read 2026-11-24) */
const PREFIX = "whsec_";
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** As many as HMAC-SHA256 has bits: more would not make it stronger (RFC 2104, section 3). */
const NEW_SECRET_BYTES = 32;

/** A new secret to sign deliveries to one endpoint with: `whsec_` and the base64 of 32 random bytes. */
export function createDeliverySecret(): string {
  return PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(NEW_SECRET_BYTES)));
}

function secretBytes(secret: string): Bytes {
  const text = typeof secret === "string" && secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  const length = base64ByteLength(text);
  const bytes = length >= MIN_SECRET_BYTES && length <= MAX_SECRET_BYTES ? fromBase64(text, length) : undefined;
  if (bytes !== undefined) return bytes;
  throw new WebhookConfigurationError("a delivery secret is whsec_ and the base64 of 24 to 64 bytes");
}

/** Throws WebhookConfigurationError when one is none, and when there is none: a variable that was not set. */
export function readSecrets(secrets: readonly string[]): readonly Bytes[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new WebhookConfigurationError("at least one delivery secret must be given");
  }
  return secrets.map(secretBytes);
}
