import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import { eventId } from "../domain/events/inbox-event.ts";
import type { Objects } from "../platform/env.ts";
import { logEvent } from "../platform/log.ts";
import { logSuccess } from "../platform/log-sample.ts";
import { retryOnce } from "../platform/retry-once.ts";

/** Limit of an event's body in a queue message. The rest of the message needs room too (Queues limits: 128 KB, read 2026-11-24). */
export const MAX_OVERFLOW_BYTES = 120_000;
const FIRST_DELAY_S = 5;
/** This limit lets the retries that a queue has outlast an outage of hours. */
const LONGEST_DELAY_S = 3_600;

/** The dependencies of `storeOverflow`. */
export interface OverflowServices {
  readonly objects: Objects;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: number;
}

/** Stores the events of the overflow queue in their inboxes. A message whose inbox is still away is retried, later each time. */
export async function storeOverflow(
  messages: readonly Message<OverflowEvent>[],
  { objects, successPercent }: OverflowServices,
): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const { tenant, event } = message.body;
      try {
        const { stored } = await retryOnce(
          () => objects.inbox(tenant.app, tenant),
          (inbox) => inbox.store(tenant, event),
        );
        const id = eventId(event.dedupeKey);
        const logged = { app: tenant.app, event: event.name, eventId: id, outcome: stored ? "stored" : "duplicate" };
        logSuccess("overflow", logged, { id, percent: successPercent });
        message.ack();
      } catch {
        logEvent("overflow", { app: tenant.app, event: event.name, outcome: "put_off" });
        message.retry({ delaySeconds: Math.min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** message.attempts) });
      }
    }),
  );
}
