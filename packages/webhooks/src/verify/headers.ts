import { toAsciiLowerCase } from "@ghl-edge/core";

/** Headers of a request: `Headers`, any object with its `get`, or a plain object such as Node's. */
export type WebhookHeaders =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Header of the signature that HighLevel sends: Ed25519, base64. */
export const ED25519_HEADER = "x-ghl-signature";
/** Header that HighLevel sent until 2026-09-01: RSA PKCS #1 v1.5 with SHA-256, base64. */
export const RSA_HEADER = "x-wh-signature";
/** Header of an HMAC-SHA256 with a secret of the endpoint. Only third parties document it. */
export const HMAC_HEADER = "x-highlevel-signature";

function hasGet(headers: WebhookHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === "function";
}

/**
 * Returns the value of a signature header, or undefined when it is missing, empty or `N/A`. HighLevel's own sample treats `N/A` as missing
 * (read 2026-08-30). A header that was sent twice is joined by a comma, as `Headers` does, and is then malformed.
 */
export function signatureHeader(headers: WebhookHeaders, name: string): string | undefined {
  let value: string | readonly string[] | null | undefined;
  if (hasGet(headers)) value = headers.get(name);
  else value = headers[name] ?? headers[Object.keys(headers).find((key) => toAsciiLowerCase(key) === name) ?? name];
  if (typeof value === "object" && value !== null) value = value.join(", ");
  if (value === undefined || value === null) return undefined;
  const text = value.trim();
  return text === "" || (text.length === 3 && text.toUpperCase() === "N/A") ? undefined : text;
}
