import type { Bytes } from "../encoding.ts";

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-headers-sending-metadata-to-consumers (read 2026-11-24) */
export const ID_HEADER = "webhook-id";
export const TIMESTAMP_HEADER = "webhook-timestamp";
export const SIGNATURE_HEADER = "webhook-signature";
/** Prefix of a signature with HMAC-SHA256. */
export const V1 = "v1,";

/**
 * Matches visible ASCII without full stop and comma. With a full stop, the parts of the signed content would be ambiguous. With a comma,
 * an id could be one header sent twice.
 */
const ID = /^[!-+\-/-~]{1,256}$/;

export function isDeliveryId(id: string): boolean {
  return ID.test(id);
}

/** Returns the signed bytes: `${id}.${timestamp}.${body}`. */
export function signedContent(id: string, timestamp: string, body: Uint8Array): Bytes {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(head.byteLength + body.byteLength);
  content.set(head);
  content.set(body, head.byteLength);
  return content;
}
