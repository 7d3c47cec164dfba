import { DailyLimitError, PermitDeadlineError, type PermitRefusedError, QueueFullError } from "./errors.ts";
import { type AnswerHead, readFeedback } from "./feedback.ts";
import { createSlotLimiter } from "./machine/create.ts";
import type { CallPermit, Refusal, SlotLimiterConfig, SlotLimiterEvent, SlotLimiterState } from "./machine/state.ts";
import { step } from "./machine/step.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Priority } from "./priority.ts";

/** Leave to send one request. */
export interface Permit {
  /**
   * Call it once: with status and headers when the head of the answer is there, without when none came. Later calls do nothing.
   * A permit never released blocks its slot for a minute more than the interval.
   */
  release(outcome?: AnswerHead): void;
  /** Call it instead of `release` when nothing was sent: its place is free at once. */
  discard(): void;
}

/** How a call waits. */
export interface Wait {
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number | null;
  readonly retry: boolean | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Waiter {
  readonly resolve: (permit: Permit) => void;
  readonly reject: (reason: unknown) => void;
  readonly stopListening: () => void;
}

/** Timers hold at most 2^31 ms, and clocks are set: a long wait is looked at again after this time. */
const LONGEST_TIMER_MS = 60_000;

function errorOf({ reason, retryAfterMs }: Refusal): PermitRefusedError {
  switch (reason) {
    case "deadline":
      return new PermitDeadlineError(retryAfterMs);
    case "queue_full":
      return new QueueFullError(retryAfterMs);
    case "daily":
      return new DailyLimitError(retryAfterMs);
  }
}

/** The limiter of one resource: the machine, the promises of those who wait, one timer. */
export class Budget {
  #state: SlotLimiterState;
  #nextCall = 1;
  #cancelTimer: (() => void) | undefined;
  readonly #waiters = new Map<number, Waiter>();
  readonly #options: ResolvedOptions;

  constructor(config: SlotLimiterConfig, options: ResolvedOptions) {
    this.#options = options;
    this.#state = createSlotLimiter(config, options.now());
  }

  /** The machine's state, for inspection. */
  get state(): SlotLimiterState {
    return this.#state;
  }

  /** Whether nothing is under way or waiting. */
  isIdle(nowMs: number): boolean {
    return this.#waiters.size === 0 && this.#state.inFlight.every((slot) => slot.freeAtMs <= nowMs);
  }

  acquire(wait: Wait): Promise<Permit> {
    const { signal, ...request } = wait;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const call = this.#nextCall++;
      const abort = (): void => {
        this.#waiters.delete(call);
        reject(signal!.reason);
        this.#feed({ type: "cancel", call });
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiters.set(call, {
        resolve,
        reject,
        stopListening: () => signal?.removeEventListener("abort", abort),
      });
      this.#feed({ type: "request", call, ...request });
    });
  }

  #feed(event: SlotLimiterEvent): void {
    const nowMs = this.#options.now();
    const { state, decision } = step(this.#state, event, nowMs);
    this.#state = state;
    for (const grant of decision.permits) this.#take(grant.call)?.resolve(this.#permit(grant));
    for (const refusal of decision.refusals) this.#take(refusal.call)?.reject(errorOf(refusal));
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (decision.wakeAtMs === null) return;
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(1, Math.ceil(decision.wakeAtMs - nowMs)));
    this.#cancelTimer = this.#options.setTimer(() => this.#feed({ type: "tick" }), delayMs);
  }

  #take(call: number): Waiter | undefined {
    const waiter = this.#waiters.get(call);
    this.#waiters.delete(call);
    waiter?.stopListening();
    return waiter;
  }

  #permit({ number: permit }: CallPermit): Permit {
    let open = true;
    const close = (event: () => SlotLimiterEvent): void => {
      if (!open) return;
      open = false;
      this.#feed(event());
    };
    return {
      release: (outcome) =>
        close(() => ({
          type: "settle",
          permit,
          feedback: outcome && readFeedback(outcome, this.#options.now()),
        })),
      discard: () => close(() => ({ type: "return", permit })),
    };
  }
}
