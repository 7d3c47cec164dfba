import { allowedFlights, type Breaker, isHopeless, stepBreaker } from "../domain/breaker.ts";
import { nextAttemptAtMs } from "../domain/delivery-schedule.ts";
import type { DisabledReason } from "../domain/endpoint.ts";
import { breakerEvent, type Outcome } from "../domain/receiver-answer.ts";
import type { DeliveryStore, DueDelivery, Recorded } from "./delivery-store.ts";
import type { Attempt } from "./interfaces.ts";
import type { Receiver } from "./receiver.ts";

/** Connections that may wait for the head of an answer at a time (Workers limits, read 2026-11-24). */
const MOST_FLIGHTS = 6;
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

export interface DeliveryPumpOptions {
  readonly store: Pick<DeliveryStore, "due" | "nextDueAtMs">;
  readonly breaker: () => Breaker;
  /** One burst. */
  readonly land: (landing: Landing) => void;
}

/** What becomes of a delivery after an attempt. */
function landingOf(delivery: DueDelivery, attempt: Attempt, outcome: Outcome, before: Breaker): Landing {
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
 * Sends what is due to one receiver, some at a time. Keeps nothing but what is under way: after a crash what was not
 * recorded is due still, and is sent again under the same id.
 */
export class DeliveryPump {
  readonly #options: DeliveryPumpOptions;
  readonly #flights = new Map<number, Promise<void>>();
  #nudge: (() => void) | undefined;

  constructor(options: DeliveryPumpOptions) {
    this.#options = options;
  }

  /** Something has become due. */
  nudge(): void {
    this.#nudge?.();
  }

  /** Until nothing is due that may be sent now; `receiver` says undefined when nothing may. */
  async run(receiver: () => Promise<Receiver | undefined>): Promise<void> {
    const untilMs = Date.now() + LONGEST_RUN_MS;
    for (;;) {
      const current = await receiver();
      if (current !== undefined && Date.now() < untilMs) this.#start(current);
      if (this.#flights.size === 0) return;
      await this.#something();
    }
  }

  #start(receiver: Receiver): void {
    const { store, breaker } = this.#options;
    const nowMs = Date.now();
    const room = allowedFlights(breaker(), MOST_FLIGHTS, nowMs) - this.#flights.size;
    if (room <= 0) return;
    for (const delivery of store.due(nowMs, room, [...this.#flights.keys()])) {
      const flight = this.#fly(receiver, delivery).finally(() => this.#flights.delete(delivery.seq));
      this.#flights.set(delivery.seq, flight);
    }
  }

  async #fly(receiver: Receiver, delivery: DueDelivery): Promise<void> {
    const atMs = Date.now();
    // Whatever went wrong before it was sent is an attempt, too: else it would be due again at once, for ever.
    const outcome = await receiver.send(delivery).catch(() => UNSENT);
    const { status } = outcome;
    const code = outcome.kind === "failed" ? outcome.code : null;
    const attempt = { atMs, durationMs: Date.now() - atMs, status, code };
    this.#options.land(landingOf(delivery, attempt, outcome, this.#options.breaker()));
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
      for (const flight of this.#flights.values()) flight.then(done, done);
    });
  }
}
