import {
  CHECKPOINT_EVERY_MS,
  CHECKPOINT_EVERY_PERMITS,
  CHECKPOINT_SHARE,
  FIRST_CHECKPOINT_SHARE,
  MAX_CHECKPOINT_HOLDS,
  UNSETTLED_PAD_MS,
} from "../constants.ts";
import { type DailyState, dailyAssume, dailyAt, newDay } from "./daily.ts";
import { slotCount } from "./holds.ts";
import type { Hold, SlotLimiterConfig, SlotLimiterState } from "./state.ts";
import { NOBODY_WAITS } from "./waiting.ts";

/** A limiter that has seen no call yet. */
export function createSlotLimiter(config: SlotLimiterConfig, nowMs: number): SlotLimiterState {
  const { burst, daily } = config;
  return {
    config,
    nowMs,
    lastPermit: 0,
    firstPermit: 0,
    holds: [],
    limit: burst.limit,
    intervalMs: burst.intervalMs,
    foreign: 0,
    foreignSample: null,
    burst: burst.limit,
    burstTokens: burst.limit,
    cutAtMs: null,
    roundStartMs: nowMs,
    blockedUntilMs: nowMs,
    probe: null,
    daily: daily ? newDay(daily.limit) : null,
    waiting: NOBODY_WAITS,
  };
}

/** What a limiter must remember over a restart; plain data, below a kilobyte. */
export interface Checkpoint {
  readonly version: 1;
  readonly atMs: number;
  readonly lastPermit: number;
  /** Permits that may be granted before the next checkpoint is due. Absent in older ones: `CHECKPOINT_EVERY_PERMITS`. */
  readonly ahead?: number | undefined;
  /** When the slots in use are free; `null`, and absent in older ones: not known. */
  readonly heldUntilMs?: readonly number[] | null | undefined;
  readonly limit: number;
  readonly intervalMs: number;
  readonly foreign: number;
  readonly burst: number;
  readonly blockedUntilMs: number;
  readonly daily: DailyState | null;
}

/** Few at the beginning of a life, then as many as it has granted. */
function permitsAhead({ config, lastPermit, firstPermit }: SlotLimiterState): number {
  const { limit } = config.burst;
  const most = Math.min(CHECKPOINT_EVERY_PERMITS, Math.floor(limit * CHECKPOINT_SHARE));
  const least = Math.min(CHECKPOINT_EVERY_PERMITS, Math.floor(limit * FIRST_CHECKPOINT_SHARE));
  return Math.max(1, least, Math.min(most, lastPermit - firstPermit));
}

export function checkpoint(state: SlotLimiterState): Checkpoint {
  const { nowMs, lastPermit, limit, intervalMs, foreign, burst, blockedUntilMs, daily, holds, probe } = state;
  const isKnown = probe === null && holds.length <= MAX_CHECKPOINT_HOLDS;
  return {
    version: 1,
    atMs: nowMs,
    lastPermit,
    ahead: permitsAhead(state),
    heldUntilMs: isKnown ? holds.map((hold) => hold.freeAtMs) : null,
    limit,
    intervalMs,
    foreign,
    burst,
    blockedUntilMs,
    daily,
  };
}

/** How long after its grant a permit may start. */
const startsWithinMs = ({ lookaheadMs, spareMs = 0 }: SlotLimiterConfig): number => Math.max(lookaheadMs, spareMs);

const aheadOf = ({ ahead = CHECKPOINT_EVERY_PERMITS }: Checkpoint): number => ahead;

/** Whether the host should write a checkpoint now; `last`: the one it wrote last, `null` before the first. */
export function checkpointDue(state: SlotLimiterState, last: Checkpoint | null): boolean {
  const { nowMs, lastPermit, firstPermit, daily } = state;
  // what a restart would make of the last one
  const lastDay = last?.daily ? dailyAt(last.daily, nowMs) : null;
  if (daily?.warned && !lastDay?.warned) return true;
  if (lastPermit <= firstPermit) return false;
  if (last === null || last.lastPermit <= firstPermit) return true;
  const permits = lastPermit - last.lastPermit;
  return permits > 0 && (permits >= aheadOf(last) || nowMs - last.atMs >= CHECKPOINT_EVERY_MS);
}

/** Slots that calls of before the restart may still take; `null`: nobody knows how many. */
function heldBefore(saved: Checkpoint, state: SlotLimiterState): Hold[] | null {
  const { config, intervalMs, nowMs } = state;
  const ageMs = nowMs - saved.atMs;
  const countsForMs = intervalMs + config.unsettledPadMs + startsWithinMs(config);
  if (ageMs >= countsForMs + CHECKPOINT_EVERY_MS) return [];
  const known = ageMs >= countsForMs ? [] : saved.heldUntilMs;
  if (ageMs < 0 || known === null || known === undefined) return null;
  const sinceUntilMs = nowMs + startsWithinMs(config) + UNSETTLED_PAD_MS + intervalMs;
  const since = Array.from({ length: aheadOf(saved) }, () => sinceUntilMs);
  return [...known.filter((timeMs) => timeMs > nowMs), ...since]
    .sort((a, b) => a - b)
    .map((freeAtMs) => ({
      permit: 0,
      startMs: nowMs,
      latestStartMs: nowMs,
      freeAtMs,
      settled: true,
      ownAtStart: 0,
      refused: false,
    }));
}

/**
 * The limiter after a restart. What was granted since the checkpoint is unknown, at most what `checkpointDue` let go ahead: it is
 * counted as spent of the day, and as slots in use where it may still count. Where that leaves no slot, or where nobody knows what
 * was in use, one call probes, and its answer says how many more may go; a host that reports exceptions reports this one
 * (`Grant.report`). The probe waits until calls under way at the restart, and those promised ahead (`lookaheadMs`, `spareMs`), have
 * surely been counted. The first permit makes a checkpoint due, so that a second restart is as safe as the first.
 */
export function restore(config: SlotLimiterConfig, saved: Checkpoint, nowMs: number): SlotLimiterState {
  const fresh = createSlotLimiter(config, nowMs);
  const ahead = aheadOf(saved);
  // permits of before the restart may still be reported: none of their numbers is given again
  const firstPermit = saved.lastPermit + ahead;
  const burst = Math.min(fresh.burst, saved.burst);
  const state: SlotLimiterState = {
    ...fresh,
    lastPermit: firstPermit,
    firstPermit,
    limit: saved.limit,
    intervalMs: Math.max(fresh.intervalMs, saved.intervalMs),
    foreign: saved.foreign,
    burst,
    // which phase the slots had is forgotten: calls that have to be spread begin with one
    burstTokens: burst < config.burst.limit ? 0 : burst,
    blockedUntilMs: saved.atMs > nowMs ? nowMs : Math.max(nowMs, saved.blockedUntilMs),
    daily: fresh.daily && saved.daily ? dailyAt(dailyAssume(saved.daily, ahead), nowMs) : fresh.daily,
  };
  const holds = heldBefore(saved, state);
  if (holds !== null && holds.length < slotCount(state)) return { ...state, holds };
  const countedAtMs = nowMs + startsWithinMs(config) + UNSETTLED_PAD_MS;
  return { ...state, probe: { permit: 0 }, blockedUntilMs: Math.max(state.blockedUntilMs, countedAtMs) };
}
