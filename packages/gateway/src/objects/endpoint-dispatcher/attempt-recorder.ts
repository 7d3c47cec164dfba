import type { Metrics } from "../../platform/metrics.ts";
import type { EventOutbox } from "../event-outbox.ts";
import { reportAttempt } from "./attempt-report.ts";
import type { AttemptResult } from "./delivery-attempt.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { PendingDisable } from "./pending-disable.ts";
import type { StoredBreaker } from "./stored-breaker.ts";

export interface AttemptRecorderOptions {
  readonly store: Pick<DeliveryStore, "address" | "record">;
  readonly breaker: StoredBreaker;
  readonly disable: PendingDisable;
  readonly outbox: Pick<EventOutbox, "add">;
  /** Runs synchronous writes as one transaction. */
  readonly transaction: (write: () => void) => void;
  readonly metrics: Metrics;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: () => number;
}

/** Writes what an attempt means for its delivery and for the endpoint, counts and logs it. */
export class AttemptRecorder {
  readonly #options: AttemptRecorderOptions;
  /** Time of the last `retryNow`. Attempts that began before it stay counted, but no longer affect the breaker. */
  #retryNowAtMs = 0;

  constructor(options: AttemptRecorderOptions) {
    this.#options = options;
  }

  /** An operator has changed the endpoint, so attempts that began before this time do not count for it. */
  ignoreBefore(nowMs: number): void {
    this.#retryNowAtMs = nowMs;
  }

  /** Writes the result of a stored delivery. Throws when the storage does not accept it. */
  record({ delivery, recorded, ...result }: AttemptResult): void {
    const { store, transaction, outbox, ...options } = this.#options;
    const address = store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { status, code } = recorded.attempt;
    const isOutdated = recorded.attempt.atMs < this.#retryNowAtMs;
    const breaker = isOutdated ? options.breaker.current() : result.breaker;
    const disable = isOutdated ? undefined : result.disable;
    transaction(() => {
      store.record(delivery, recorded);
      options.breaker.writeInTransaction(breaker);
      if (disable !== undefined) options.disable.request({ reason: disable, lastStatus: status });
      // The gateway's own events are not reported: the report would go to the endpoint that did not accept them.
      if (recorded.state !== "dead" || delivery.source === "gateway") return;
      const event = { endpointId, eventId: delivery.id, eventType: delivery.type };
      outbox.add({
        app,
        resource: delivery.resource,
        name: "event.dead",
        data: { ...event, attempts: delivery.tries + 1, lastStatus: status, lastCode: code },
        atMs: Date.now(),
        uniqueId: crypto.randomUUID(),
      });
    });
    options.breaker.committed(breaker);
    this.#log({ delivery, recorded });
  }

  /** Notes the success of a delivery that is not stored. Its block is written soon. */
  delivered(result: AttemptResult): void {
    const { breaker } = this.#options;
    try {
      breaker.set(result.breaker);
    } catch {
      breaker.noteUnrecorded();
    }
    this.#log(result);
  }

  #log({ delivery, recorded }: Pick<AttemptResult, "delivery" | "recorded">): void {
    const address = this.#options.store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { metrics, successPercent } = this.#options;
    reportAttempt(metrics, { app, endpointId, delivery, recorded, successPercent: successPercent() });
  }
}
