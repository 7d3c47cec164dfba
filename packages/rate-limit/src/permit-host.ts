import type { Feedback } from "./feedback.ts";
import { type Checkpoint, checkpoint, checkpointDue } from "./machine/checkpoint/checkpoint.ts";
import { restore } from "./machine/checkpoint/restore.ts";
import { createSlotLimiter } from "./machine/create.ts";
import type { DayUse } from "./machine/rules/daily.ts";
import type { CallPermit, Decision, Refusal, SlotLimiterConfig, SlotLimiterEvent } from "./machine/state.ts";
import { step } from "./machine/step.ts";
import { type Usage, usageOf } from "./machine/usage.ts";
import type { Priority } from "./priority.ts";

/** Runs a function after a time in ms. The result cancels it. */
export type SetTimer = (run: () => void, delayMs: number) => () => void;

/** Environment of one budget: its limits, its storage and its clock. */
export interface PermitHostOptions {
  readonly config: SlotLimiterConfig;
  /** Checkpoint that an earlier activation saved. Default: none, and the whole limit is open. */
  readonly checkpoint?: Checkpoint | undefined;
  /**
   * Saves a checkpoint. The host calls it before the permits of the step are issued, in the same synchronous transaction. A checkpoint
   * says how many permits may follow it before the next one. A restart counts all of them as used.
   * Default: nothing is saved, and a restart starts with the whole limit.
   */
  readonly saveCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Called once a day when the daily limit is nearly used up, in the transaction that saves its checkpoint. Default: none. */
  readonly onDayWarning?: ((use: DayUse) => void) | undefined;
  /** Current time in ms since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Default: `setTimeout`. */
  readonly setTimer?: SetTimer | undefined;
}

/** Request of one call for a permit. */
export interface PermitRequest {
  /** Callers with different keys alternate within a priority: a tenant, an API key, a job. */
  readonly key: string;
  readonly priority: Priority;
  /** Longest wait in ms. `null`: as long as the burst limit takes. */
  readonly maxWaitMs: number | null;
  /** HighLevel refused this call before. It goes before first attempts of its key and priority. Default: false. */
  readonly retry?: boolean | undefined;
  /** Highest number of prefetched permits, for calls that start within `config.prefetchMs`. Default: 0. */
  readonly prefetch?: number | undefined;
  /** An abort ends the wait, and the request rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** One budget with its queue, its timer and its checkpoints. */
export interface PermitHost {
  /**
   * Requests a permit, and waits for it if necessary.
   *
   * @param request - The call
   * @returns The permit, or a refusal. Only a refusal has a `reason`.
   */
  request(request: PermitRequest): Promise<CallPermit | Refusal>;
  /**
   * Reports the answer to a permit's call. A second report of a permit changes nothing.
   *
   * @param permit - Number of the permit
   * @param feedback - What the answer said (`readFeedback`). `undefined`: no answer came.
   */
  settle(permit: number, feedback: Feedback | undefined): void;
  /**
   * Returns a permit for which nothing was sent. Its slot is free at once.
   *
   * @param permit - Number of the permit
   */
  returnUnused(permit: number): void;
  /**
   * Reads the use of the budget.
   *
   * @returns What is used and what is open now
   */
  usage(): Usage;
  /** Whether no call waits and no slot is in use. */
  readonly isIdle: boolean;
}

interface Waiter {
  readonly resolve: (result: CallPermit | Refusal) => void;
  readonly stopListening: () => void;
}

/** Longest timer in ms. Timers hold at most 2^31 ms and clocks can be set, so a longer wait is checked again after this time. */
const LONGEST_TIMER_MS = 60_000;

/** The timer of the platform, as a `SetTimer`. */
export const setTimeoutTimer: SetTimer = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/**
 * Runs one budget: it feeds events to the pure limiter (`step`) and carries out what follows. Calls wait in memory for their permits, one
 * timer wakes the limiter, and a checkpoint is saved when the limiter says so. `createRateLimiter` runs one host for each resource. Use a
 * host directly where several processes share a budget: in a Durable Object or a server.
 *
 * @param options - Limits, storage and clock
 * @returns The host of one budget
 * @throws {RateLimitConfigurationError} when the configuration is invalid (`ERR_GHL_RATE_LIMIT_CONFIGURATION`).
 * @example
 * ```ts
 * import { type Checkpoint, createPermitHost, needsReport, presets, readFeedback, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";
 *
 * const rows = new Map<string, Checkpoint>(); // the storage of a Durable Object
 * const config = {
 *   ...presets.standard,
 *   reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
 *   unsettledPadMs: UNSETTLED_PAD_MS, // for callers that report an answer only where needsReport() returns true
 *   evictedAfterMs: 10_000,
 *   maxQueue: 1_000,
 * };
 * const host = createPermitHost({
 *   config,
 *   checkpoint: rows.get("checkpoint"),
 *   saveCheckpoint: (checkpoint) => rows.set("checkpoint", checkpoint),
 * });
 *
 * export async function send(request: Request): Promise<Response | undefined> {
 *   const permit = await host.request({ key: "tenant", priority: "normal", maxWaitMs: 5_000 });
 *   if ("reason" in permit) return undefined; // refused, try again after permit.retryAfterMs
 *   const response = await fetch(request).catch(() => undefined);
 *   const feedback = response && readFeedback(response, Date.now());
 *   const rttMs = Date.now() - permit.startAtMs;
 *   if (needsReport({ permit, feedback, rttMs, intervalLimit: config.burst.limit })) host.settle(permit.number, feedback);
 *   return response;
 * }
 * ```
 */
export function createPermitHost(options: PermitHostOptions): PermitHost {
  const { config, saveCheckpoint, onDayWarning, now = Date.now, setTimer = setTimeoutTimer } = options;
  let saved = options.checkpoint ?? null;
  let state = saved === null ? createSlotLimiter(config, now()) : restore(config, saved, now());
  let lastCall = 0;
  let cancelTimer: (() => void) | undefined;
  const waiters = new Map<number, Waiter>();

  function save(): void {
    if (saveCheckpoint === undefined || !checkpointDue(state, saved)) return;
    saved = checkpoint(state);
    saveCheckpoint(saved);
  }

  function answer(results: readonly (CallPermit | Refusal)[]): void {
    for (const result of results) {
      const waiter = waiters.get(result.call);
      waiters.delete(result.call);
      waiter?.stopListening();
      waiter?.resolve(result);
    }
  }

  function schedule({ wakeAtMs }: Decision, nowMs: number): void {
    cancelTimer?.();
    cancelTimer = undefined;
    if (wakeAtMs === null) return;
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(1, Math.ceil(wakeAtMs - nowMs)));
    cancelTimer = setTimer(() => feed({ type: "tick" }), delayMs);
  }

  /** One synchronous transaction: the checkpoint is saved before a permit leaves. */
  function feed(event: SlotLimiterEvent): void {
    const nowMs = now();
    const next = step(state, event, nowMs);
    const { decision } = next;
    state = next.state;
    save();
    if (decision.dayWarning !== null) onDayWarning?.(decision.dayWarning);
    answer(decision.permits);
    answer(decision.refusals);
    schedule(decision, nowMs);
  }

  return {
    request({ signal, ...request }) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const call = ++lastCall;
        const abort = (): void => {
          waiters.delete(call);
          reject(signal!.reason);
          feed({ type: "cancel", call });
        };
        signal?.addEventListener("abort", abort, { once: true });
        waiters.set(call, { resolve, stopListening: () => signal?.removeEventListener("abort", abort) });
        feed({ type: "request", call, ...request });
      });
    },
    settle: (permit, feedback) => feed({ type: "settle", permit, feedback }),
    returnUnused: (permit) => feed({ type: "return", permit }),
    usage: () => usageOf(state, now()),
    get isIdle() {
      const nowMs = now();
      return waiters.size === 0 && state.inFlight.every((slot) => slot.freeAtMs <= nowMs);
    },
  };
}
