import {
  type CallPermit,
  type Checkpoint,
  checkpoint,
  checkpointDue,
  createSlotLimiter,
  type DayUse,
  type Feedback,
  type Priority,
  type Refusal,
  restore,
  type SlotLimiterConfig,
  type SlotLimiterEvent,
  type SlotLimiterState,
  step,
} from "@ghl-edge/rate-limit";

/** Timers hold at most 2^31 ms, and clocks are set: a long wait is looked at again after this time. */
const LONGEST_TIMER_MS = 60_000;

export interface Wait {
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number;
  readonly retry: boolean | undefined;
  readonly prefetch: number;
}

/** Where a budget is kept, and who hears of it. */
export interface PermitHost {
  save(saved: Checkpoint): void;
  /** The day is nearly spent: said once a day, in the burst in which that is saved. */
  onDayWarning(use: DayUse): void;
}

/**
 * One budget of an object: the machine of `@ghl-edge/rate-limit`, the promises of those who wait, one timer. Permits are
 * in memory; a checkpoint is written when the machine says so, a row for some fifty calls.
 */
export class PermitQueue {
  #state: SlotLimiterState;
  #saved: Checkpoint | null;
  #nextCall = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #waiters = new Map<number, (end: CallPermit | Refusal) => void>();
  readonly #host: PermitHost;

  constructor(config: SlotLimiterConfig, saved: Checkpoint | undefined, host: PermitHost) {
    const nowMs = Date.now();
    this.#state = saved === undefined ? createSlotLimiter(config, nowMs) : restore(config, saved, nowMs);
    this.#saved = saved ?? null;
    this.#host = host;
  }

  /** Settles when the call may be sent, or when it is known that it will not be. */
  request(wait: Wait): Promise<CallPermit | Refusal> {
    return new Promise((resolve) => {
      const call = this.#nextCall++;
      this.#waiters.set(call, resolve);
      this.#feed({ type: "request", call, ...wait });
    });
  }

  settle(permit: number, feedback: Feedback | undefined): void {
    this.#feed({ type: "settle", permit, feedback });
  }

  returnUnused(permit: number): void {
    this.#feed({ type: "return", permit });
  }

  #feed(event: SlotLimiterEvent): void {
    const nowMs = Date.now();
    const { state, decision } = step(this.#state, event, nowMs);
    this.#state = state;
    if (checkpointDue(state, this.#saved)) {
      this.#saved = checkpoint(state);
      this.#host.save(this.#saved);
    }
    if (decision.dayWarning !== null) this.#host.onDayWarning(decision.dayWarning);
    for (const end of [...decision.permits, ...decision.refusals]) {
      this.#waiters.get(end.call)?.(end);
      this.#waiters.delete(end.call);
    }
    clearTimeout(this.#timer);
    if (decision.wakeAtMs === null) return;
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(1, Math.ceil(decision.wakeAtMs - nowMs)));
    this.#timer = setTimeout(() => this.#feed({ type: "tick" }), delayMs);
  }
}
