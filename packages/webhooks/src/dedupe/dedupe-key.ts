import { type Bytes, toHex } from "../encoding.ts";
import { isRecord, ownText } from "../json.ts";
import type { VerifiedWebhook } from "../verify/verify.ts";

async function sha256Hex(source: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", source)));
}

/** How a delivery was named. */
export interface DedupeKeyOptions {
  /** False: the body has no name here, and another URL could name it. Default true. */
  readonly named?: boolean;
}

/**
 * The same for every redelivery of one event, different for any two events: SHA-256 (hex) of app, type and `webhookId`, or of the
 * body where it has no `webhookId`. Never of `id`, which is the record's own and equal in every event about the record, and never
 * of the name that a URL gave: one body is one event under whatever URL it comes. Without a name (`named: false`) it is a key of its
 * own, so that someone who posts the body to the wrong URL first does not make the genuine delivery a duplicate.
 */
export async function dedupeKey(
  webhook: Pick<VerifiedWebhook, "payload" | "body" | "appId" | "webhookId">,
  { named = true }: DedupeKeyOptions = {},
): Promise<string> {
  const { payload, body, appId = "", webhookId } = webhook;
  const type = isRecord(payload) ? (ownText(payload, "type") ?? "") : "";
  const encoder = new TextEncoder();
  const source = webhookId === undefined ? (body as Bytes) : encoder.encode(JSON.stringify([appId, type, webhookId]));
  const key = await sha256Hex(source as Bytes);
  return named ? key : sha256Hex(encoder.encode(`unnamed ${key}`) as Bytes);
}
