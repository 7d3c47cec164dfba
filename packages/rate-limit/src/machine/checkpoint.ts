/**
 * What outlives the process. A checkpoint is written with some permits and not with each: it also says how many may be granted without
 * another one, by the life that writes it (`ahead`) and by each that follows (`unrecorded`). `restore` takes all of them for granted.
 */
import {
  CALM_SHARE,
  CHECKPOINT_EVERY_MS,
  CHECKPOINT_EVERY_PERMITS,
  CHECKPOINT_SHARE,
  FIRST_CHECKPOINT_SHARE,
  MAX_CHECKPOINT_SLOTS,
  UNCHECKPOINTED_ACTIVATIONS,
  UNCHECKPOINTED_DAY_SHARE,
  UNCHECKPOINTED_MS,
  UNCHECKPOINTED_SHARE,
} from "../constants.ts";
import { type DailyState, dailyAt, isCountUncertain } from "./daily.ts";
import { slotCount } from "./slots.ts";
import type { SlotLimiterConfig, SlotLimiterState } from "./state.ts";

/** What a limiter must remember over a restart; plain data, below a kilobyte. */
export interface Checkpoint {
  readonly version: 1;
  readonly atMs: number;
  readonly lastPermit: number;
  /** Permits that may be granted before the next checkpoint is due. Absent in older ones: `CHECKPOINT_EVERY_PERMITS`. */
  readonly permitsUntilNext?: number | undefined;
  /** Permits that each life after this one may grant before its first checkpoint is due. Absent in older ones: 0. */
  readonly uncheckpointedPermits?: number | undefined;
  /** When the slots in use are free; `null`, and absent in older ones: not known. */
  readonly slotsFreeAtMs?: readonly number[] | null | undefined;
  readonly limit: number;
  readonly intervalMs: number;
  readonly externalUsage: number;
  readonly burst: number;
  readonly blockedUntilMs: number;
  readonly daily: DailyState | null;
}

/** Few at the beginning of a life, then as many as it has granted. */
function permitsUntilNextCheckpoint({ config, lastPermit, firstPermit }: SlotLimiterState): number {
  const { limit } = config.burst;
  const most = Math.min(CHECKPOINT_EVERY_PERMITS, Math.floor(limit * CHECKPOINT_SHARE));
  const least = Math.min(CHECKPOINT_EVERY_PERMITS, Math.floor(limit * FIRST_CHECKPOINT_SHARE));
  return Math.max(1, least, Math.min(most, lastPermit - firstPermit));
}

/** Lives without a checkpoint of their own that there may have been in so long a time. */
export function activationsWithin({ evictedAfterMs, burst }: SlotLimiterConfig, timeMs: number): number {
  return UNCHECKPOINTED_ACTIVATIONS + Math.floor(timeMs / (evictedAfterMs ?? burst.intervalMs));
}

/** Only a budget that is hardly used can spare what short lives may have granted. */
function uncheckpointedPermitsOf(state: SlotLimiterState): number {
  const { config, inFlight, probe, externalUsage, burst, nowMs, blockedUntilMs, daily } = state;
  const slots = slotCount(state);
  const isCalm = probe === null && externalUsage === 0 && burst >= config.burst.limit && blockedUntilMs <= nowMs;
  // lives that are put away sooner may be more than `UNRECORDED_LIVES` in an interval
  const isEvictedLate = config.evictedAfterMs !== undefined && config.evictedAfterMs >= state.intervalMs;
  if (!isEvictedLate || !isCalm || inFlight.length > slots * CALM_SHARE) return 0;
  const permits = Math.floor(slots * UNCHECKPOINTED_SHARE);
  const ofDay = permits * activationsWithin(config, UNCHECKPOINTED_MS);
  return daily !== null && ofDay > daily.limit * UNCHECKPOINTED_DAY_SHARE ? 0 : permits;
}

export function checkpoint(state: SlotLimiterState): Checkpoint {
  const { nowMs, lastPermit, limit, intervalMs, externalUsage, burst, blockedUntilMs, daily, inFlight, probe } = state;
  const isKnown = probe === null && inFlight.length <= MAX_CHECKPOINT_SLOTS;
  return {
    version: 1,
    atMs: nowMs,
    lastPermit,
    permitsUntilNext: permitsUntilNextCheckpoint(state),
    uncheckpointedPermits: uncheckpointedPermitsOf(state),
    slotsFreeAtMs: isKnown ? inFlight.map((slot) => slot.freeAtMs) : null,
    limit,
    intervalMs,
    externalUsage,
    burst,
    blockedUntilMs,
    daily,
  };
}

export const permitsUntilNextOf = ({ permitsUntilNext = CHECKPOINT_EVERY_PERMITS }: Checkpoint): number =>
  permitsUntilNext;

/** Whether the host should write a checkpoint now; `last`: the one it wrote last, `null` before the first. */
export function checkpointDue(state: SlotLimiterState, last: Checkpoint | null): boolean {
  const { nowMs, lastPermit, firstPermit, uncheckpointedPermits, daily } = state;
  // what a restart would make of the last one
  const lastDay = last?.daily ? dailyAt(last.daily, nowMs) : null;
  if (daily?.warned && !lastDay?.warned) return true;
  // or a life that ends here would leave the next ones to count too much, and ask again
  if (lastDay && daily?.uncheckpointed === 0 && isCountUncertain(lastDay)) return true;
  const isOfThisActivation = last !== null && last.lastPermit > firstPermit;
  const permits = lastPermit - (isOfThisActivation ? last.lastPermit : firstPermit);
  if (permits <= 0) return false;
  if (permits >= (isOfThisActivation ? permitsUntilNextOf(last) : uncheckpointedPermits + 1)) return true;
  return last !== null && nowMs - last.atMs >= (isOfThisActivation ? CHECKPOINT_EVERY_MS : UNCHECKPOINTED_MS);
}
