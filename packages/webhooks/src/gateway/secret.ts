import { describeSecret, toBase64 } from "@ghl-edge/core";
import { type Bytes, base64ByteLength, fromBase64 } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme (read 2026-11-24) */
const PREFIX = "whsec_";
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** The output size of HMAC-SHA256. More bytes would not make it stronger (RFC 2104, section 3). */
const NEW_SECRET_BYTES = 32;

/**
 * Creates a secret to sign the deliveries to one endpoint.
 *
 * @returns `whsec_` and the base64 of 32 random bytes
 * @example
 * ```ts
 * import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
 *
 * const secret = createDeliverySecret();
 * console.log(secret.length); // 50
 * ```
 */
export function createDeliverySecret(): string {
  return PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(NEW_SECRET_BYTES)));
}

function secretBytes(secret: string): Bytes {
  const text = typeof secret === "string" && secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  const length = base64ByteLength(text);
  const bytes = length >= MIN_SECRET_BYTES && length <= MAX_SECRET_BYTES ? fromBase64(text, length) : undefined;
  if (bytes !== undefined) return bytes;
  throw new WebhookConfigurationError(
    `each of secrets must be whsec_ and the base64 of 24 to 64 bytes, got ${describeSecret(secret)}`,
  );
}

/** @throws {WebhookConfigurationError} for an invalid secret, and for an empty list, which is usually an unset variable */
export function readSecrets(secrets: readonly string[]): readonly Bytes[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new WebhookConfigurationError(
      `secrets must be a list of at least one delivery secret, got ${describeSecret(secrets)}`,
    );
  }
  return secrets.map(secretBytes);
}
