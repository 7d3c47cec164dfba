/**
 * The part of a limiter that outlives the process. A checkpoint is not written with every permit. It also says how many permits may be
 * issued without another one: by the activation that writes it, and by each later activation. `restore` assumes that all of them were used.
 */
import {
  CALM_SHARE,
  CHECKPOINT_EVERY_MS,
  CHECKPOINT_SHARE,
  UNCHECKPOINTED_ACTIVATIONS,
  UNCHECKPOINTED_DAY_SHARE,
  UNCHECKPOINTED_MS,
  UNCHECKPOINTED_SHARE,
} from "../../constants.ts";
import { type DailyState, dailyAt, isCountUncertain } from "../rules/daily.ts";
import { slotCount } from "../rules/slots.ts";
import type { SlotLimiterConfig, SlotLimiterState } from "../state.ts";

/** State that a limiter needs after a restart: plain data without secrets, about a kilobyte. */
export interface Checkpoint {
  readonly version: 1;
  /** Time at which it was made. */
  readonly atMs: number;
  /** Number of the last permit that was issued before it. */
  readonly lastPermit: number;
  /** Number of permits that this activation may issue before its next checkpoint is due. */
  readonly permitsUntilNext: number;
  /** Number of permits that each later activation may issue before its first checkpoint is due. */
  readonly uncheckpointedPermits: number;
  /** Times at which the slots in use are free. `null`: not known. */
  readonly slotsFreeAtMs: readonly number[] | null;
  readonly limit: number;
  readonly intervalMs: number;
  readonly externalUsage: number;
  readonly burst: number;
  readonly blockedUntilMs: number;
  readonly daily: DailyState | null;
}

/** Returns the number of activations without a checkpoint of their own that are possible in this time. */
export function activationsWithin({ evictedAfterMs, burst }: SlotLimiterConfig, timeMs: number): number {
  return UNCHECKPOINTED_ACTIVATIONS + Math.floor(timeMs / (evictedAfterMs ?? burst.intervalMs));
}

/** Returns how many permits a short activation may issue without a checkpoint. Only a calm budget has room for them. */
function uncheckpointedPermits(state: SlotLimiterState): number {
  const { config, inFlight, probe, externalUsage, burst, nowMs, blockedUntilMs, daily } = state;
  const slots = slotCount(state);
  const isCalm =
    probe === null &&
    externalUsage === 0 &&
    burst >= config.burst.limit &&
    blockedUntilMs <= nowMs &&
    inFlight.length <= slots * CALM_SHARE;
  // More than `UNCHECKPOINTED_ACTIVATIONS` activations that are evicted sooner could fall into one interval.
  const isEvictedLate = config.evictedAfterMs !== undefined && config.evictedAfterMs >= state.intervalMs;
  if (!isCalm || !isEvictedLate) return 0;
  const permits = Math.floor(slots * UNCHECKPOINTED_SHARE);
  const ofDay = permits * activationsWithin(config, UNCHECKPOINTED_MS);
  return daily !== null && ofDay > daily.limit * UNCHECKPOINTED_DAY_SHARE ? 0 : permits;
}

/**
 * Extracts the checkpoint of a state.
 *
 * @param state - State of a budget
 * @returns Plain data for `restore`
 * @example
 * ```ts
 * import { checkpoint, checkpointDue, type Checkpoint, type SlotLimiterState } from "@ghl-edge/rate-limit";
 *
 * function save(state: SlotLimiterState, last: Checkpoint | null, put: (row: Checkpoint) => void): Checkpoint | null {
 *   if (!checkpointDue(state, last)) return last;
 *   const next = checkpoint(state);
 *   put(next); // before the permits of this step leave
 *   return next;
 * }
 * ```
 */
export function checkpoint(state: SlotLimiterState): Checkpoint {
  const { nowMs, lastPermit, limit, intervalMs, externalUsage, burst, blockedUntilMs, daily, inFlight, probe } = state;
  return {
    version: 1,
    atMs: nowMs,
    lastPermit,
    permitsUntilNext: Math.max(1, Math.floor(state.config.burst.limit * CHECKPOINT_SHARE)),
    uncheckpointedPermits: uncheckpointedPermits(state),
    slotsFreeAtMs: probe === null ? inFlight.map((slot) => slot.freeAtMs) : null,
    limit,
    intervalMs,
    externalUsage,
    burst,
    blockedUntilMs,
    daily,
  };
}

/**
 * Decides whether the host must store a checkpoint now, before the permits of the last step leave.
 *
 * @param state - State after the last step
 * @param last - Checkpoint that was stored last, also by an earlier activation. `null`: there is none.
 * @returns Whether to store `checkpoint(state)`
 * @example
 * ```ts
 * import { checkpointDue, createSlotLimiter, presets, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";
 *
 * const reserves = { interactive: 0, normal: 0.05, bulk: 0.2 };
 * const config = { ...presets.standard, reserves, unsettledPadMs: UNSETTLED_PAD_MS, maxQueue: 1_000 };
 * console.log(checkpointDue(createSlotLimiter(config, Date.now()), null)); // false: no permit was issued
 * ```
 */
export function checkpointDue(state: SlotLimiterState, last: Checkpoint | null): boolean {
  const { nowMs, lastPermit, firstPermit, daily } = state;
  // The day as a restart would read it from the last checkpoint.
  const lastDay = last?.daily ? dailyAt(last.daily, nowMs) : null;
  if (daily?.warned && !lastDay?.warned) return true;
  // Without this checkpoint, later activations would count too much and request HighLevel's count again.
  if (lastDay && daily?.uncheckpointed === 0 && isCountUncertain(lastDay)) return true;
  const isOfThisActivation = last !== null && last.lastPermit > firstPermit;
  const permits = lastPermit - (isOfThisActivation ? last.lastPermit : firstPermit);
  if (permits <= 0) return false;
  if (permits >= (isOfThisActivation ? last.permitsUntilNext : state.uncheckpointedPermits + 1)) return true;
  return last !== null && nowMs - last.atMs >= (isOfThisActivation ? CHECKPOINT_EVERY_MS : UNCHECKPOINTED_MS);
}
