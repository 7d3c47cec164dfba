import type { Context } from "hono";
import type { GatewayHono } from "../context.ts";
import type { InboxEvent } from "../domain/inbox-event.ts";
import type { InboxOwner } from "../durable-objects/inbox-store.ts";
import { MAX_OVERFLOW_BYTES } from "../durable-objects/overflow.ts";
import { retryOnce } from "../durable-objects/retry-once.ts";
import { GatewayError } from "../errors.ts";

/** HighLevel tries again by its own schedule; this is for those that read the header. */
export const RETRY_AFTER_MS = 60_000;

/**
 * In its inbox, else on its way there. Never acknowledged when it is neither, and never 5xx: under HighLevel's older policy
 * only 429 is delivered again.
 */
export async function storeEvent(
  c: Context<GatewayHono>,
  owner: InboxOwner,
  event: InboxEvent,
): Promise<"stored" | "duplicate" | "queued"> {
  try {
    const { stored } = await retryOnce(
      () => c.var.objects.inbox(owner.app, owner),
      (inbox) => inbox.store(owner, event),
    );
    return stored ? "stored" : "duplicate";
  } catch {
    // The queue is another system than the objects.
  }
  try {
    if (event.body.byteLength <= MAX_OVERFLOW_BYTES) {
      await c.var.overflow.send({ owner, event }, { contentType: "v8" });
      return "queued";
    }
  } catch {
    // Neither is there.
  }
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
}
