import type { Attempt } from "../../domain/contracts/endpoint-dispatcher.ts";
import { allowedInFlight, type Breaker, isHopeless, stepBreaker } from "../../domain/delivery/breaker.ts";
import { breakerEvent, type Outcome } from "../../domain/delivery/delivery-outcome.ts";
import { nextAttemptAtMs } from "../../domain/delivery/delivery-schedule.ts";
import type { DisabledReason } from "../../domain/delivery/endpoint.ts";
import type { ByteBudget } from "../../domain/limits/byte-budget.ts";
import type { DueDelivery, RecordedAttempt } from "./delivery-rows.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { EndpointSender } from "./endpoint-sender.ts";

/** Connections that may wait for the head of a response at the same time (Workers limits, read 2026-11-24). */
const MAX_IN_FLIGHT = 6;
/** Limits the sum of their bodies. A single delivery may be larger. */
const MAX_IN_FLIGHT_BYTES = 2 * 1_048_576;
/** An alarm may run for 15 minutes. The loop ends earlier, and the next alarm continues. */
const MAX_RUN_MS = 600_000;
/** The loop looks at least this often for deliveries that have become due. */
const POLL_MS = 5_000;

const UNSENT: Outcome = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE" };

/** The changes to the storage after one attempt. */
export interface AttemptResult {
  readonly delivery: DueDelivery;
  readonly recorded: RecordedAttempt;
  readonly breaker: Breaker;
  /** Reason to disable the endpoint; undefined when it stays enabled. */
  readonly disable: DisabledReason | undefined;
}

/** An attempt that has ended and is not recorded yet. */
interface EndedAttempt {
  readonly delivery: DueDelivery;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
}

/** Results cannot be written to the storage, so nothing more is sent. */
export class UnrecordedError extends Error {
  override readonly name = "UnrecordedError";
}

export interface DeliveryLoopOptions {
  readonly store: Pick<DeliveryStore, "due" | "nextDueAtMs">;
  readonly breaker: () => Breaker;
  /** Writes a result in one transaction. Throws when the storage does not accept it. */
  readonly record: (result: AttemptResult) => void;
  /** Whether results can be written. The loop calls it before it sends something. */
  readonly canWrite: () => boolean;
  /** Called when a result could not be written. */
  readonly onUnrecorded: () => void;
  /** Limits the bodies of all endpoints in this isolate. */
  readonly budget: ByteBudget;
}

/** Decides the next state of a delivery and of the breaker after an attempt. */
function resultOf({ delivery, attempt, outcome }: EndedAttempt, before: Breaker): AttemptResult {
  const nowMs = attempt.atMs + attempt.durationMs;
  const breaker = stepBreaker(before, breakerEvent(outcome), nowMs);
  if (outcome.kind === "delivered") {
    const recorded = { state: "delivered", nextAttemptAtMs: null, attempt } as const;
    return { delivery, breaker, disable: undefined, recorded };
  }
  const isFinal = outcome.kind === "failed" && outcome.isFinal === true;
  const retryAfterMs = outcome.kind === "failed" ? outcome.retryAfterMs : undefined;
  const timing = { retryAfterMs, nowMs, random: Math.random() };
  const atMs = isFinal ? undefined : nextAttemptAtMs(delivery.tries + 1, timing);
  const disable = outcome.kind === "gone" ? "gone" : isHopeless(breaker, nowMs) ? "failing" : undefined;
  const state = atMs === undefined ? "dead" : "due";
  return { delivery, breaker, disable, recorded: { state, nextAttemptAtMs: atMs ?? null, attempt } };
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
      if (this.#inFlight.size === 0) break;
      await this.#change();
    }
    if (isStopped) throw new UnrecordedError();
  }

  /** Starts as many deliveries as may be in flight. Returns false when results cannot be written, so that nothing may be sent. */
  #start(sender: EndpointSender): boolean {
    const { store, breaker, canWrite, budget } = this.#options;
    const nowMs = Date.now();
    const deliveries = allowedInFlight(breaker(), MAX_IN_FLIGHT, nowMs) - this.#inFlight.size;
    // One delivery may always be in flight, so that no endpoint waits for another endpoint that hangs.
    const bytes = Math.min(MAX_IN_FLIGHT_BYTES - this.#inFlightBytes, budget.leftBytes());
    if (deliveries <= 0 || (bytes <= 0 && this.#inFlight.size > 0)) return true;
    const inFlight = [...this.#inFlight.values()].map(({ delivery }) => delivery);
    for (const delivery of store.due(nowMs, { deliveries, bytes: Math.max(0, bytes) }, inFlight)) {
      if (this.#inFlight.size > 0 && delivery.body.byteLength > bytes) break;
      if (!canWrite()) return false;
      const done = this.#attempt(sender, delivery);
      this.#inFlight.set(delivery.seq, { delivery, done });
    }
    return true;
  }

  async #attempt(sender: EndpointSender, delivery: DueDelivery): Promise<void> {
    const atMs = Date.now();
    const { byteLength } = delivery.body;
    const giveBack = this.#options.budget.take(byteLength);
    this.#inFlightBytes += byteLength;
    // An error before the request was sent is an attempt too. Otherwise the delivery would be due again at once, without end.
    const outcome = await sender.send(delivery).catch(() => UNSENT);
    const { status } = outcome;
    const code = outcome.kind === "failed" ? outcome.code : null;
    const attempt = { atMs, durationMs: Date.now() - atMs, status, code };
    // The body is released here, because recording does not need it.
    const ended = { delivery: { ...delivery, body: new Uint8Array() }, attempt, outcome };
    if (!this.#record(ended)) {
      this.#unrecorded.set(delivery.seq, ended);
      this.#options.onUnrecorded();
    }
    this.#inFlight.delete(delivery.seq);
    this.#inFlightBytes -= byteLength;
    giveBack();
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
