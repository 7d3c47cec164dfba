import type { OverflowEvent } from "../../domain/contracts/overflow.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";

/** Of one message's body, with room for what is around it (Queues limits: 128 KB, read 2026-11-24). */
export const MAX_OVERFLOW_BYTES = 120_000;
const FIRST_DELAY_S = 5;
/** So that an outage of hours is tried through by the retries that a queue has. */
const LONGEST_DELAY_S = 3_600;

/** Takes what overflowed to its inbox. What still cannot be stored comes again, later each time. */
export async function takeOverflow(messages: readonly Message<OverflowEvent>[], objects: Objects): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const { tenant, event } = message.body;
      try {
        const { stored } = await retryOnce(
          () => objects.inbox(tenant.app, tenant),
          (inbox) => inbox.store(tenant, event),
        );
        logEvent("overflow", { app: tenant.app, event: event.name, outcome: stored ? "stored" : "duplicate" });
        message.ack();
      } catch {
        logEvent("overflow", { app: tenant.app, event: event.name, outcome: "put_off" });
        message.retry({ delaySeconds: Math.min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** message.attempts) });
      }
    }),
  );
}
