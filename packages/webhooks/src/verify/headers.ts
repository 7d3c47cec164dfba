import { toAsciiLowerCase } from "@ghl-edge/core";

/** Headers as frameworks hand them over: `Headers`, anything with its `get`, or a plain object such as Node's. */
export type WebhookHeaders =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Ed25519, base64: the signature HighLevel sends. */
export const ED25519_HEADER = "x-ghl-signature";
/** RSA PKCS #1 v1.5 with SHA-256, base64: what HighLevel sent until 2026-09-01. */
export const RSA_HEADER = "x-wh-signature";
/** HMAC-SHA256 with a secret of the receiver; documented by third parties only. */
export const HMAC_HEADER = "x-highlevel-signature";

function hasGet(headers: WebhookHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === "function";
}

/**
 * The value of a signature header; undefined when it is missing, empty or `N/A`, which HighLevel's own sample treats as
 * missing (read 2026-08-30). A header sent twice comes joined by a comma, as `Headers` joins it: no signature has that form.
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
