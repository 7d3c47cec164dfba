import type { HeldEvent } from "../domain/contracts/event-buffer.ts";
import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import type { InboxTenant } from "../domain/contracts/webhook-inbox.ts";
import type { InboxEvent } from "../domain/events/inbox-event.ts";
import type { Isolate } from "../isolate.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { retryOnce } from "../platform/retry-once.ts";
import { MAX_OVERFLOW_BYTES } from "./overflow.ts";

/** The systems that can store an event. */
export interface EventStores {
  readonly objects: Objects;
  readonly overflow: Pick<Queue<OverflowEvent>, "send">;
  /** Counts the events that are being stored. */
  readonly isolate: Pick<Isolate, "eventsUnderWay">;
}

/** `Retry-After` of an event that could not be stored. HighLevel retries by its own schedule; other senders read the header. */
export const RETRY_AFTER_MS = 60_000;

/**
 * More events at once in one isolate are treated as a storm, such as an agency that installs an app in hundreds of locations within a
 * second. A false alarm only delays the effects of an INSTALL by some seconds.
 */
const STORM_EVENTS = 3;

/** Buffers an install event of a storm. Other events come from few locations, and those from many would each create an object. */
async function buffered({ objects, isolate }: EventStores, tenant: InboxTenant, event: InboxEvent): Promise<boolean> {
  if (event.lifecycle === undefined || isolate.eventsUnderWay <= STORM_EVENTS) return false;
  try {
    await retryOnce(
      () => objects.eventBuffer(tenant.app, tenant.resource),
      (buffer) => buffer.buffer(tenant, event),
    );
    return true;
  } catch {
    // The event's inbox is another object.
    return false;
  }
}

/**
 * Stores an event in its inbox, or in the event buffer or the overflow queue on its way there.
 *
 * @throws {GatewayError} When nothing could store it. The answer is 429 and never 5xx: under HighLevel's older retry policy only 429 is
 * delivered again.
 */
export async function storeEvent(
  stores: EventStores,
  tenant: InboxTenant,
  event: InboxEvent,
): Promise<"stored" | "duplicate" | "queued"> {
  const { isolate } = stores;
  isolate.eventsUnderWay++;
  try {
    if (await buffered(stores, tenant, event)) return "queued";
    const { stored } = await retryOnce(
      () => stores.objects.inbox(tenant.app, tenant),
      (inbox) => inbox.store(tenant, event),
    );
    return stored ? "stored" : "duplicate";
  } catch {
    // The queue is another system than the objects, so it is tried below.
  } finally {
    isolate.eventsUnderWay--;
  }
  try {
    if (event.body.byteLength <= MAX_OVERFLOW_BYTES) {
      await stores.overflow.send({ tenant, event }, { contentType: "v8" });
      return "queued";
    }
  } catch {
    // Neither system is available.
  }
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
}

/**
 * Holds an event of a resource at which nothing is known to be installed, in one object of the app.
 *
 * @throws {GatewayError} When the object is full or cannot be reached, so that HighLevel sends the event again.
 */
export async function holdEvent({ objects }: EventStores, held: HeldEvent): Promise<"held" | "duplicate"> {
  const outcome = await retryOnce(
    () => objects.heldEvents(held.tenant.app, held.tenant.resource),
    (buffer) => buffer.hold(held),
  ).catch(() => "full" as const);
  if (outcome === "full") throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  return outcome;
}
