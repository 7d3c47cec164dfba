import { InProgressError, type WebhookError } from "../errors.ts";
import { type FailedEvent, RETRY_AFTER_SECONDS } from "./response.ts";

/**
 * Time after which no further event of a batch is begun. The gateway waits 15 s for the response, and without one it sends all events
 * again.
 */
const LAST_START_MS = 10_000;

/** Options of `runBatch`. */
export interface BatchRun<Event> {
  /** Events that are handled at the same time. */
  readonly concurrency: number;
  /** Handles one event. Rejects with the reason when the event has to come again. */
  readonly handle: (event: Event) => Promise<unknown>;
  readonly toError: (cause: unknown) => WebhookError;
  readonly report: (error: WebhookError) => Promise<void>;
  /** Returns the current time in milliseconds. */
  readonly now: () => number;
}

/**
 * Handles the events of a batch and returns those that failed. When all failed for a reason, it rejects with the first one, so that the
 * response is that of a failed delivery and the gateway pauses.
 */
export async function runBatch<Event extends { readonly id: string }>(
  events: readonly Event[],
  { concurrency, handle, toError, report, now }: BatchRun<Event>,
): Promise<readonly FailedEvent[]> {
  const startMs = now();
  const failed: FailedEvent[] = [];
  const errors: WebhookError[] = [];
  const left = [...events];

  async function lane(): Promise<void> {
    for (let event = left.shift(); event !== undefined; event = left.shift()) {
      const { id } = event;
      if (now() - startMs >= LAST_START_MS) {
        failed.push({ id });
        continue;
      }
      try {
        await handle(event);
      } catch (cause) {
        const error = toError(cause);
        errors.push(error);
        failed.push(error instanceof InProgressError ? { id, retryAfterMs: RETRY_AFTER_SECONDS * 1000 } : { id });
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, events.length) }, lane));
  const [first, ...others] = errors;
  const isRejected = first !== undefined && errors.length === events.length;
  for (const error of isRejected ? others : errors) await report(error);
  if (isRejected) throw first;
  return failed;
}
