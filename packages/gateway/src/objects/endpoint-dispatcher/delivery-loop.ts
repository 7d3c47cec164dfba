import { allowedInFlight, type Breaker } from "../../domain/delivery/breaker.ts";
import type { ByteBudget } from "../../domain/limits/byte-budget.ts";
import { type AttemptResult, attemptDelivery, type EndedAttempt, resultOf } from "./delivery-attempt.ts";
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
  /** Writes a result in one transaction. Throws when the storage does not accept it. */
  readonly record: (result: AttemptResult) => void;
  /** Deliveries that are in flight although this loop has not sent them. They use connections too. */
  readonly inFlight: () => readonly DueDelivery[];
  /** Whether results can be written. The loop calls it before it sends something. */
  readonly canWrite: () => boolean;
  /** Called when a result could not be written. */
  readonly onUnrecorded: () => void;
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
  readonly #inFlight = new Map<number, { readonly delivery: DueDelivery; readonly done: Promise<void> }>();
  #inFlightBytes = 0;
  readonly #unrecorded = new Map<number, EndedAttempt>();
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
    const deliveries = allowedInFlight(breaker(), MAX_IN_FLIGHT, nowMs) - this.#inFlight.size - others.length;
    // One delivery may always be in flight, so that no endpoint waits for another endpoint that hangs.
    const otherBytes = others.reduce((sum, { body }) => sum + body.byteLength, 0);
    const bytes = Math.min(MAX_IN_FLIGHT_BYTES - this.#inFlightBytes - otherBytes, budget.leftBytes());
    const isIdle = this.#inFlight.size === 0 && others.length === 0;
    if (deliveries <= 0 || (bytes <= 0 && !isIdle)) return true;
    const inFlight = [...Array.from(this.#inFlight.values(), ({ delivery }) => delivery), ...others];
    for (const delivery of store.due(nowMs, { deliveries, bytes: Math.max(0, bytes) }, inFlight)) {
      if ((this.#inFlight.size > 0 || others.length > 0) && delivery.body.byteLength > bytes) break;
      if (!canWrite()) return false;
      const done = this.#attempt(sender, delivery);
      this.#inFlight.set(delivery.seq, { delivery, done });
    }
    return true;
  }

  /** Whether something is due that waits for deliveries of others. */
  #waitsForOthers(): boolean {
    const { store, inFlight } = this.#options;
    return inFlight().length > 0 && (store.nextDueAtMs() ?? Number.POSITIVE_INFINITY) <= Date.now();
  }

  async #attempt(sender: EndpointSender, delivery: DueDelivery): Promise<void> {
    const { byteLength } = delivery.body;
    const giveBack = this.#options.budget.take(byteLength);
    this.#inFlightBytes += byteLength;
    const attempted = await attemptDelivery(sender, delivery);
    this.record(attempted);
    this.#inFlight.delete(delivery.seq);
    this.#inFlightBytes -= byteLength;
    giveBack();
  }

  /** Writes the result of a stored delivery, or keeps it until the storage accepts it. Nothing is sent meanwhile. */
  record(ended: EndedAttempt): void {
    if (this.#record(ended)) return;
    const { delivery } = ended;
    // The body is released here, because recording does not need it.
    this.#unrecorded.set(delivery.seq, { ...ended, delivery: { ...delivery, body: new Uint8Array() } });
    this.#options.onUnrecorded();
  }

  #record(ended: EndedAttempt): boolean {
    try {
      this.#options.record(resultOf(ended, this.#options.breaker()));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes the results that could not be written before. Returns false when they still cannot be written. */
  #retryRecording(): boolean {
    for (const [seq, ended] of this.#unrecorded) {
      if (!this.#record(ended)) {
        this.#options.onUnrecorded();
        return false;
      }
      this.#unrecorded.delete(seq);
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
      for (const { done } of this.#inFlight.values()) done.then(wake, wake);
    });
  }
}
