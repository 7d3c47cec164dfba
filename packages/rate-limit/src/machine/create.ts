import { CHECKPOINT_EVERY_MS, CHECKPOINT_EVERY_PERMITS, UNSETTLED_PAD_MS } from "../constants.ts";
import { type DailyState, dailyAt, newDay } from "./daily.ts";
import type { SlotLimiterConfig, SlotLimiterState } from "./state.ts";
import { NOBODY_WAITS } from "./waiting.ts";

/** A limiter that has seen no call yet. */
export function createSlotLimiter(config: SlotLimiterConfig, nowMs: number): SlotLimiterState {
  const { burst, daily } = config;
  return {
    config,
    nowMs,
    lastPermit: 0,
    holds: [],
    limit: burst.limit,
    intervalMs: burst.intervalMs,
    foreign: 0,
    foreignSample: null,
    burst: burst.limit,
    burstTokens: burst.limit,
    halvedAtMs: null,
    roundStartMs: nowMs,
    blockedUntilMs: nowMs,
    probe: null,
    daily: daily ? newDay(daily.limit) : null,
    waiting: NOBODY_WAITS,
  };
}

/** What a limiter must remember over a restart; plain data, a few hundred bytes. */
export interface Checkpoint {
  readonly version: 1;
  readonly atMs: number;
  readonly lastPermit: number;
  readonly limit: number;
  readonly intervalMs: number;
  readonly foreign: number;
  readonly burst: number;
  readonly blockedUntilMs: number;
  readonly daily: DailyState | null;
}

export function checkpoint(state: SlotLimiterState): Checkpoint {
  const { nowMs, lastPermit, limit, intervalMs, foreign, burst, blockedUntilMs, daily } = state;
  return { version: 1, atMs: nowMs, lastPermit, limit, intervalMs, foreign, burst, blockedUntilMs, daily };
}

/** Whether the host should write a checkpoint now; `last`: the one it wrote last, `null` before the first. */
export function checkpointDue(state: SlotLimiterState, last: Checkpoint | null): boolean {
  const permits = state.lastPermit - (last?.lastPermit ?? 0);
  if (permits === 0) return false;
  return last === null || permits >= CHECKPOINT_EVERY_PERMITS || state.nowMs - last.atMs >= CHECKPOINT_EVERY_MS;
}

/**
 * The limiter after a restart. Permits granted since the checkpoint are unknown, at most `CHECKPOINT_EVERY_PERMITS`: they are
 * counted as spent of the day. Where calls made before the restart may still count in the running interval, one call probes,
 * and its answer says how many more may go; a host that reports exceptions reports this one (`Grant.report`). The probe waits until
 * calls under way at the restart, and those promised ahead (`lookaheadMs`), have surely been counted.
 * The host writes a checkpoint right after (`checkpointDue` says so), so that a second restart is as safe as the first.
 */
export function restore(config: SlotLimiterConfig, saved: Checkpoint, nowMs: number): SlotLimiterState {
  const fresh = createSlotLimiter(config, nowMs);
  const ageMs = nowMs - saved.atMs;
  const intervalMs = Math.max(fresh.intervalMs, saved.intervalMs);
  const isYoung = ageMs < intervalMs + config.unsettledPadMs + config.lookaheadMs + CHECKPOINT_EVERY_MS;
  const stillUnderWayMs = isYoung ? config.lookaheadMs + UNSETTLED_PAD_MS : 0;
  const counted = saved.daily && { ...saved.daily, used: saved.daily.used + CHECKPOINT_EVERY_PERMITS };
  return {
    ...fresh,
    // permits of before the restart may still be reported: none of their numbers is given again
    lastPermit: saved.lastPermit + CHECKPOINT_EVERY_PERMITS,
    limit: saved.limit,
    intervalMs,
    foreign: saved.foreign,
    burst: Math.min(fresh.burst, saved.burst),
    blockedUntilMs: Math.max(nowMs + stillUnderWayMs, ageMs < 0 ? nowMs : saved.blockedUntilMs),
    probe: isYoung ? { permit: 0 } : null,
    daily: fresh.daily && counted ? dailyAt(counted, nowMs) : fresh.daily,
  };
}
