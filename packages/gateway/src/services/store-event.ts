import type { HeldEvent } from "../domain/contracts/event-buffer.ts";
import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import type { InboxTenant } from "../domain/contracts/webhook-inbox.ts";
import type { InboxEvent } from "../domain/inbox-event.ts";
import { MAX_OVERFLOW_BYTES } from "../objects/event-buffer/overflow.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { isolate } from "../platform/isolate.ts";
import { retryOnce } from "../platform/retry-once.ts";

/** Where events are stored. */
export interface EventStores {
  readonly objects: Objects;
  readonly overflow: Pick<Queue<OverflowEvent>, "send">;
}

/** HighLevel tries again by its own schedule; this is for those that read the header. */
export const RETRY_AFTER_MS = 60_000;

/**
 * More at once in one isolate are taken for a storm, as when an agency installs an app everywhere: hundreds in a second. Where they are
 * none, what an INSTALL asks for comes some seconds late and nothing else happens.
 */
const STORM_EVENTS = 3;

/** Installations alone: they come from as many locations as there are, and each would make an object. */
async function landed({ objects }: EventStores, tenant: InboxTenant, event: InboxEvent): Promise<boolean> {
  if (event.life === undefined || isolate.eventsUnderWay <= STORM_EVENTS) return false;
  try {
    await retryOnce(
      () => objects.landing(tenant.app),
      (landing) => landing.land(tenant, event),
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
  stores: EventStores,
  tenant: InboxTenant,
  event: InboxEvent,
): Promise<"stored" | "duplicate" | "queued"> {
  isolate.eventsUnderWay++;
  try {
    if (await landed(stores, tenant, event)) return "queued";
    const { stored } = await retryOnce(
      () => stores.objects.inbox(tenant.app, tenant),
      (inbox) => inbox.store(tenant, event),
    );
    return stored ? "stored" : "duplicate";
  } catch {
    // The queue is another system than the objects.
  } finally {
    isolate.eventsUnderWay--;
  }
  try {
    if (event.body.byteLength <= MAX_OVERFLOW_BYTES) {
      await stores.overflow.send({ tenant, event }, { contentType: "v8" });
      return "queued";
    }
  } catch {
    // Neither is there.
  }
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
}

/** In the place of the app for events of unknown tenants. A place that is full or away makes HighLevel send the event again. */
export async function holdEvent({ objects }: EventStores, held: HeldEvent): Promise<"held" | "duplicate"> {
  const outcome = await retryOnce(
    () => objects.holding(held.tenant.app),
    (holding) => holding.hold(held),
  ).catch(() => "full" as const);
  if (outcome === "full") throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  return outcome;
}
