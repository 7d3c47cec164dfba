import { allowedFlights, type Breaker, isHopeless, stepBreaker } from "../../domain/breaker.ts";
import type { ByteBudget } from "../../domain/byte-budget.ts";
import type { Attempt } from "../../domain/contracts/endpoint-dispatcher.ts";
import { nextAttemptAtMs } from "../../domain/delivery-schedule.ts";
import type { DisabledReason } from "../../domain/endpoint.ts";
import { breakerEvent, type Outcome } from "../../domain/receiver-answer.ts";
import type { DueDelivery, Recorded } from "./delivery-rows.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { Receiver } from "./receiver.ts";

/** Connections that may wait for the head of an answer at a time (Workers limits, read 2026-11-24). */
const MOST_FLIGHTS = 6;
/** Limits the sum of their bodies; one delivery may be larger. */
const MOST_FLIGHT_BYTES = 2 * 1_048_576;
/** An alarm may run for 15 minutes; then the next one goes on. */
const LONGEST_RUN_MS = 600_000;
/** In between, what has become due is looked for at least this often. */
const LOOK_AGAIN_MS = 5_000;

const UNSENT: Outcome = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE" };

/** How one attempt changes what is stored. */
export interface Landing {
  readonly delivery: DueDelivery;
  readonly recorded: Recorded;
  readonly breaker: Breaker;
  /** The endpoint should be disabled. */
  readonly ends: DisabledReason | undefined;
}

/** An attempt that has ended. */
interface Ended {
  readonly delivery: DueDelivery;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
}

/** The storage takes no results, so that nothing more is sent. */
export class UnrecordedError extends Error {
  override readonly name = "UnrecordedError";
}

export interface DeliveryPumpOptions {
  readonly store: Pick<DeliveryStore, "due" | "nextDueAtMs">;
  readonly breaker: () => Breaker;
  /** One transaction. Throws where the storage does not take it. */
  readonly land: (landing: Landing) => void;
  /** Whether the storage takes what is written; asked before something is sent. */
  readonly canWrite: () => boolean;
  /** What an attempt came to could not be written. */
  readonly unrecorded: () => void;
  /** Counts for all endpoints in this isolate. */
  readonly budget: ByteBudget;
}

/** What becomes of a delivery after an attempt. */
function landingOf({ delivery, attempt, outcome }: Ended, before: Breaker): Landing {
  const nowMs = attempt.atMs + attempt.durationMs;
  const breaker = stepBreaker(before, breakerEvent(outcome), nowMs);
  if (outcome.kind === "delivered")
    return { delivery, breaker, ends: undefined, recorded: { state: "delivered", atMs: null, attempt } };
  const isFinal = outcome.kind === "failed" && outcome.isFinal === true;
  const retryAfterMs = outcome.kind === "failed" ? outcome.retryAfterMs : undefined;
  const again = { retryAfterMs, nowMs, random: Math.random() };
  const atMs = isFinal ? undefined : nextAttemptAtMs(delivery.tries + 1, again);
  const ends = outcome.kind === "gone" ? "gone" : isHopeless(breaker, nowMs) ? "failing" : undefined;
  return {
    delivery,
    breaker,
    ends,
    recorded: { state: atMs === undefined ? "dead" : "due", atMs: atMs ?? null, attempt },
  };
}

/**
 * Sends what is due to one receiver, some at a time. Keeps in memory what is under way, and results that the storage did not
 * take: until these are written nothing more is sent. After a crash what was not recorded is due still, and is sent again
 * under the same id.
 */
export class DeliveryPump {
  readonly #options: DeliveryPumpOptions;
  readonly #flights = new Map<number, { readonly delivery: DueDelivery; readonly done: Promise<void> }>();
  #flightBytes = 0;
  readonly #unrecorded = new Map<number, Ended>();
  #nudge: (() => void) | undefined;

  constructor(options: DeliveryPumpOptions) {
    this.#options = options;
  }

  /** Something has become due. */
  nudge(): void {
    this.#nudge?.();
  }

  /**
   * Until nothing is due that may be sent now; `receiver` says undefined when nothing may.
   *
   * @throws UnrecordedError when the storage takes no results; to be called again after a pause.
   */
  async run(receiver: () => Promise<Receiver | undefined>): Promise<void> {
    const untilMs = Date.now() + LONGEST_RUN_MS;
    let isStopped = !this.#recordAgain();
    for (;;) {
      if (!isStopped && Date.now() < untilMs) {
        const current = await receiver();
        isStopped = current !== undefined && !this.#start(current);
      }
      isStopped ||= this.#unrecorded.size > 0;
      if (this.#flights.size === 0) break;
      await this.#something();
    }
    if (isStopped) throw new UnrecordedError();
  }

  /** False: nothing may be sent, because no result could be written. */
  #start(receiver: Receiver): boolean {
    const { store, breaker, canWrite, budget } = this.#options;
    const nowMs = Date.now();
    const deliveries = allowedFlights(breaker(), MOST_FLIGHTS, nowMs) - this.#flights.size;
    // One delivery may always be under way, so that no endpoint waits for another one whose receiver hangs.
    const bytes = Math.min(MOST_FLIGHT_BYTES - this.#flightBytes, budget.leftBytes());
    if (deliveries <= 0 || (bytes <= 0 && this.#flights.size > 0)) return true;
    const underWay = [...this.#flights.values()].map(({ delivery }) => delivery);
    for (const delivery of store.due(nowMs, { deliveries, bytes: Math.max(0, bytes) }, underWay)) {
      if (this.#flights.size > 0 && delivery.body.byteLength > bytes) break;
      if (!canWrite()) return false;
      const done = this.#fly(receiver, delivery);
      this.#flights.set(delivery.seq, { delivery, done });
    }
    return true;
  }

  async #fly(receiver: Receiver, delivery: DueDelivery): Promise<void> {
    const atMs = Date.now();
    const { byteLength } = delivery.body;
    const giveBack = this.#options.budget.take(byteLength);
    this.#flightBytes += byteLength;
    // Whatever went wrong before it was sent is an attempt, too: else it would be due again at once, for ever.
    const outcome = await receiver.send(delivery).catch(() => UNSENT);
    const { status } = outcome;
    const code = outcome.kind === "failed" ? outcome.code : null;
    const attempt = { atMs, durationMs: Date.now() - atMs, status, code };
    // Where the body is not needed to send it again, it is let go.
    const ended = { delivery: { ...delivery, body: new Uint8Array() }, attempt, outcome };
    if (!this.#record(ended)) {
      this.#unrecorded.set(delivery.seq, ended);
      this.#options.unrecorded();
    }
    this.#flights.delete(delivery.seq);
    this.#flightBytes -= byteLength;
    giveBack();
  }

  #record(ended: Ended): boolean {
    try {
      this.#options.land(landingOf(ended, this.#options.breaker()));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes what could not be written before; false: it still cannot. */
  #recordAgain(): boolean {
    for (const [seq, ended] of this.#unrecorded) {
      if (!this.#record(ended)) {
        this.#options.unrecorded();
        return false;
      }
      this.#unrecorded.delete(seq);
    }
    return true;
  }

  /** A flight has landed, something has come, or it is time to look. */
  #something(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#nudge = done;
      for (const { done: flight } of this.#flights.values()) flight.then(done, done);
    });
  }
}
