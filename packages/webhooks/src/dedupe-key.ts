import { type Bytes, toHex } from "./encoding.ts";
import { isRecord, ownText } from "./json.ts";
import type { VerifiedWebhook } from "./verify.ts";

/**
 * The same for every redelivery of one event, different for any two events: SHA-256 (hex) of app, type and `webhookId`, or of the
 * body where it has no `webhookId`. Never of `id`: that is the record's own, equal in every event about the record.
 */
export async function dedupeKey(
  webhook: Pick<VerifiedWebhook, "payload" | "body" | "appId" | "webhookId">,
): Promise<string> {
  const { payload, body, appId = "", webhookId } = webhook;
  const type = isRecord(payload) ? (ownText(payload, "type") ?? "") : "";
  const source =
    webhookId === undefined ? (body as Bytes) : new TextEncoder().encode(JSON.stringify([appId, type, webhookId]));
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", source)));
}
