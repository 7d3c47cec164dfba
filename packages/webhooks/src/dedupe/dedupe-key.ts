import { isObject, sha256, toHex } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { ownText } from "../json.ts";
import type { VerifiedWebhook } from "../verify/verify.ts";

async function sha256Hex(source: Bytes): Promise<string> {
  return toHex(await sha256(source));
}

/** Options of `dedupeKey`. */
export interface DedupeKeyOptions {
  /** Whether the event has a name. Pass false for an event that is unknown at this URL, but has `candidates`. Default: true. */
  readonly named?: boolean;
}

/**
 * Computes the key that is equal for every redelivery of one event. Events with a `webhookId` of their own have different keys. Two
 * events without a `webhookId` have the same key when their bodies are equal.
 *
 * The key is the SHA-256 (hex) of app, type and `webhookId`, or of the body when it has no `webhookId`. It never uses `id`, which
 * identifies the record and is equal in all events about it. It never uses the name from a URL: one body is one event under any URL.
 * With `named: false` the key is a different one. So a stranger who posts the body to the wrong URL first does not turn the genuine
 * delivery into a duplicate.
 *
 * @param webhook - The verified delivery
 * @param options - How the event was named
 * @returns 64 hexadecimal digits
 * @example
 * ```ts
 * import { createWebhookVerifier, dedupeKey } from "@ghl-edge/webhooks";
 *
 * const verifier = createWebhookVerifier({ appId: "5f0000000000000000000001" });
 *
 * export async function keyOf(request: Request): Promise<string> {
 *   return dedupeKey(await verifier.verify({ body: await request.arrayBuffer(), headers: request.headers }));
 * }
 * ```
 */
export async function dedupeKey(
  webhook: Pick<VerifiedWebhook, "payload" | "body" | "appId" | "webhookId">,
  options: DedupeKeyOptions = {},
): Promise<string> {
  const { named = true } = options;
  const { payload, body, appId = "", webhookId } = webhook;
  const type = isObject(payload) ? (ownText(payload, "type") ?? "") : "";
  const encoder = new TextEncoder();
  const source = webhookId === undefined ? (body as Bytes) : encoder.encode(JSON.stringify([appId, type, webhookId]));
  const key = await sha256Hex(source as Bytes);
  return named ? key : sha256Hex(encoder.encode(`unnamed ${key}`) as Bytes);
}
