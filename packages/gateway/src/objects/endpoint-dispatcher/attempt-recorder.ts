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

  /** Writes the results of stored deliveries, all of one batch. Throws when the storage does not accept them. */
  record(results: readonly AttemptResult[]): void {
    const { store, transaction, breaker, disable } = this.#options;
    const [first] = results;
    if (first === undefined || store.address() === undefined) return;
    const { attempt } = first.recorded;
    const isOutdated = attempt.atMs < this.#retryNowAtMs;
    const nextBreaker = isOutdated ? breaker.current() : first.breaker;
    const reason = isOutdated ? undefined : results.find((result) => result.disable !== undefined)?.disable;
    transaction(() => {
      for (const { delivery, recorded } of results) {
        store.record(delivery, recorded);
        if (recorded.state === "dead") this.#reportDead({ delivery, recorded });
      }
      breaker.writeInTransaction(nextBreaker);
      if (reason !== undefined) disable.request({ reason, lastStatus: attempt.status });
    });
    breaker.committed(nextBreaker);
    for (const result of results) this.#log(result);
  }

  #reportDead({ delivery, recorded }: Pick<AttemptResult, "delivery" | "recorded">): void {
    const address = this.#options.store.address();
    // The gateway's own events are not reported: the report would go to the endpoint that did not accept them.
    if (address === undefined || delivery.source === "gateway") return;
    const { app, endpointId } = address;
    const { status, code } = recorded.attempt;
    const event = { endpointId, eventId: delivery.id, eventType: delivery.type };
    this.#options.outbox.add({
      app,
      resource: delivery.resource,
      name: "event.dead",
      data: { ...event, attempts: delivery.tries + 1, lastStatus: status, lastCode: code },
      atMs: Date.now(),
      uniqueId: crypto.randomUUID(),
    });
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
