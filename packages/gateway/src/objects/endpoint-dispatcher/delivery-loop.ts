import { toBatches } from "../../domain/delivery/batch.ts";
import { allowedInFlight, type Breaker } from "../../domain/delivery/breaker.ts";
import type { ByteBudget } from "../../domain/limits/byte-budget.ts";
import { type AttemptResult, attemptBatch, type EndedAttempt, resultsOf } from "./delivery-attempt.ts";
import type { DueDelivery } from "./delivery-rows.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { EndpointSender } from "./endpoint-sender.ts";

/** Connections that may wait for the head of a response at the same time (Workers limits, read 2026-11-24). */
export const MAX_IN_FLIGHT = 6;
/** Limits the sum of their bodies. A single delivery may be larger. */
const MAX_IN_FLIGHT_BYTES = 2 * 1_048_576;
/** An alarm may run for 15 minutes. The loop ends earlier, and the next alarm continues. */
const MAX_RUN_MS = 600_000;
/** The loop looks at least this often for deliveries that have become due. */
const POLL_MS = 5_000;

/** Results cannot be written to the storage, so nothing more is sent. */
export class UnrecordedError extends Error {
  override readonly name = "UnrecordedError";
}

export interface DeliveryLoopOptions {
  readonly store: Pick<DeliveryStore, "due" | "nextDueAtMs">;
  readonly breaker: () => Breaker;
  /** Writes the results of a batch in one transaction. Throws when the storage does not accept them. */
  readonly record: (results: readonly AttemptResult[]) => void;
  /** Deliveries that are in flight although this loop has not sent them, by request. They use connections too. */
  readonly inFlight: () => readonly (readonly DueDelivery[])[];
  /** Whether results can be written. The loop calls it before it sends something. */
  readonly canWrite: () => boolean;
  /** Called when a result could not be written. */
  readonly onUnrecorded: () => void;
  /** Called when the loop has looked for due deliveries and sent what may be in flight. */
  readonly onStarted: () => void;
  /** Limits the bodies of all endpoints in this isolate. */
  readonly budget: ByteBudget;
}

/**
 * Sends due deliveries to one endpoint, several at the same time. It keeps in memory the deliveries that are in flight and the results that
 * could not be written; nothing more is sent until these are written. After a crash an unrecorded delivery is still due and is sent again
 * under the same id.
 */
export class DeliveryLoop {
  readonly #options: DeliveryLoopOptions;
  readonly #inFlight = new Map<readonly DueDelivery[], Promise<void>>();
  #inFlightBytes = 0;
  readonly #unrecorded = new Set<readonly EndedAttempt[]>();
  #wake: (() => void) | undefined;

  constructor(options: DeliveryLoopOptions) {
    this.#options = options;
  }

  /** Makes a running loop look for due deliveries now. */
  wake(): void {
    this.#wake?.();
  }

  /**
   * Sends until nothing is due that may be sent now.
   *
   * @param sender - Returns the endpoint's current sender, or undefined when nothing may be sent.
   * @throws {UnrecordedError} When results cannot be written. The caller runs the loop again after a pause.
   */
  async run(sender: () => Promise<EndpointSender | undefined>): Promise<void> {
    const untilMs = Date.now() + MAX_RUN_MS;
    let isStopped = !this.#retryRecording();
    for (;;) {
      if (!isStopped && Date.now() < untilMs) {
        const current = await sender();
        isStopped = current !== undefined && !this.#start(current);
        if (current !== undefined) this.#options.onStarted();
      }
      isStopped ||= this.#unrecorded.size > 0;
      const isWaiting = !isStopped && Date.now() < untilMs && this.#waitsForOthers();
      if (this.#inFlight.size === 0 && !isWaiting) break;
      await this.#change();
    }
    if (isStopped) throw new UnrecordedError();
  }

  /** Starts as many deliveries as may be in flight. Returns false when results cannot be written, so that nothing may be sent. */
  #start(sender: EndpointSender): boolean {
    const { store, breaker, canWrite, budget } = this.#options;
    const nowMs = Date.now();
    const others = this.#options.inFlight();
    const requests = allowedInFlight(breaker(), MAX_IN_FLIGHT, nowMs) - this.#inFlight.size - others.length;
    // One delivery may always be in flight, so that no endpoint waits for another endpoint that hangs.
    const otherBytes = others.flat().reduce((sum, { body }) => sum + body.byteLength, 0);
    const bytes = Math.min(MAX_IN_FLIGHT_BYTES - this.#inFlightBytes - otherBytes, budget.leftBytes());
    const isIdle = this.#inFlight.size === 0 && others.length === 0;
    if (requests <= 0 || (bytes <= 0 && !isIdle)) return true;
    const limits = { deliveries: requests * sender.limits.events, bytes: Math.max(0, bytes) };
    const due = store.due(nowMs, limits, [...this.#inFlight.keys(), ...others].flat());
    for (const batch of toBatches(due, sender.limits).slice(0, requests)) {
      if ((this.#inFlight.size > 0 || others.length > 0) && batch[0]!.body.byteLength > bytes) break;
      if (!canWrite()) return false;
      this.#inFlight.set(batch, this.#attempt(sender, batch));
    }
    return true;
  }

  /** Whether something is due that waits for deliveries of others. */
  #waitsForOthers(): boolean {
    const { store, inFlight } = this.#options;
    return inFlight().length > 0 && (store.nextDueAtMs() ?? Number.POSITIVE_INFINITY) <= Date.now();
  }

  async #attempt(sender: EndpointSender, batch: readonly DueDelivery[]): Promise<void> {
    const bytes = batch.reduce((sum, { body }) => sum + body.byteLength, 0);
    const giveBack = this.#options.budget.take(bytes);
    this.#inFlightBytes += bytes;
    this.record(await attemptBatch(sender, batch));
    this.#inFlight.delete(batch);
    this.#inFlightBytes -= bytes;
    giveBack();
  }

  /** Writes the results of stored deliveries, or keeps them until the storage accepts them. Nothing is sent meanwhile. */
  record(ended: readonly EndedAttempt[]): void {
    if (this.#record(ended)) return;
    // The bodies are released here, because recording does not need them.
    this.#unrecorded.add(ended.map((one) => ({ ...one, delivery: { ...one.delivery, body: new Uint8Array() } })));
    this.#options.onUnrecorded();
  }

  #record(ended: readonly EndedAttempt[]): boolean {
    try {
      this.#options.record(resultsOf(ended, this.#options.breaker()));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes the results that could not be written before. Returns false when they still cannot be written. */
  #retryRecording(): boolean {
    for (const ended of this.#unrecorded) {
      if (!this.#record(ended)) {
        this.#options.onUnrecorded();
        return false;
      }
      this.#unrecorded.delete(ended);
    }
    return true;
  }

  /** Resolves when an attempt has ended, the loop was woken, or it is time to look again. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#wake = wake;
      for (const done of this.#inFlight.values()) done.then(wake, wake);
    });
  }
}
