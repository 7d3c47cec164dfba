import type { Context } from "hono";
import type { GatewayHono } from "../context.ts";
import type { InboxEvent } from "../domain/inbox-event.ts";
import type { HeldEvent } from "../durable-objects/held-events.ts";
import type { InboxOwner } from "../durable-objects/inbox-store.ts";
import { MAX_OVERFLOW_BYTES } from "../durable-objects/overflow.ts";
import { retryOnce } from "../durable-objects/retry-once.ts";
import { GatewayError } from "../errors.ts";
import { isolate } from "../isolate.ts";

/** HighLevel tries again by its own schedule; this is for those that read the header. */
export const RETRY_AFTER_MS = 60_000;

/**
 * More at once in one isolate are taken for a storm, as when an agency installs an app everywhere: hundreds in a second. Where they are
 * none, what an INSTALL asks for comes some seconds late and nothing else happens.
 */
const STORM_EVENTS = 3;

/** Installations alone: they come from as many locations as there are, and each would make an object. */
async function landed(c: Context<GatewayHono>, owner: InboxOwner, event: InboxEvent): Promise<boolean> {
  if (event.life === undefined || isolate.eventsUnderWay <= STORM_EVENTS) return false;
  try {
    await retryOnce(
      () => c.get("objects").landing(owner.app),
      (landing) => landing.land(owner, event),
    );
    return true;
  } catch {
    // Its inbox is another object.
    return false;
  }
}

/**
 * In its inbox, else on its way there. Never acknowledged when it is neither, and never 5xx: under HighLevel's older policy
 * only 429 is delivered again.
 */
export async function storeEvent(
  c: Context<GatewayHono>,
  owner: InboxOwner,
  event: InboxEvent,
): Promise<"stored" | "duplicate" | "queued"> {
  isolate.eventsUnderWay++;
  try {
    if (await landed(c, owner, event)) return "queued";
    const { stored } = await retryOnce(
      () => c.get("objects").inbox(owner.app, owner),
      (inbox) => inbox.store(owner, event),
    );
    return stored ? "stored" : "duplicate";
  } catch {
    // The queue is another system than the objects.
  } finally {
    isolate.eventsUnderWay--;
  }
  try {
    if (event.body.byteLength <= MAX_OVERFLOW_BYTES) {
      await c.get("overflow").send({ owner, event }, { contentType: "v8" });
      return "queued";
    }
  } catch {
    // Neither is there.
  }
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
}

/** In the place of the app for events of unknown tenants. A place that is full or away makes HighLevel send the event again. */
export async function holdEvent(c: Context<GatewayHono>, held: HeldEvent): Promise<"held" | "duplicate"> {
  const outcome = await retryOnce(
    () => c.get("objects").holding(held.owner.app),
    (holding) => holding.hold(held),
  ).catch(() => "full" as const);
  if (outcome === "full") throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  return outcome;
}
