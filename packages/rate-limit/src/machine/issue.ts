import { SAMPLE_EVERY_PERMITS } from "../constants.ts";
import { dailySpend, isCountWanted } from "./daily.ts";
import { insertHold, ownCount } from "./slots.ts";
import type { Allowance, Hold, SlotLimiterState } from "./state.ts";

/** Every so many permits one asks for a report, so that the day's count follows HighLevel's. */
const DAILY_SAMPLE_EVERY_PERMITS = 100;

/** The next permit, for a call that starts at `startMs` at the soonest and at `untilMs` at the latest. */
export function allow(
  state: SlotLimiterState,
  { startMs, untilMs }: { readonly startMs: number; readonly untilMs: number },
): [SlotLimiterState, Allowance] {
  const permit = state.lastPermit + 1;
  const hold: Hold = {
    permit,
    startMs,
    latestStartMs: untilMs,
    freeAtMs: untilMs + state.intervalMs + state.config.unsettledPadMs,
    settled: false,
    ownAtStart: ownCount(state.holds, startMs) + 1,
    refused: false,
  };
  const isProbe = state.probe !== null;
  const isCounted = state.daily !== null && isCountWanted(state.daily, permit);
  const isSample =
    isCounted ||
    permit % DAILY_SAMPLE_EVERY_PERMITS === 1 ||
    (state.foreign > 0 && permit % SAMPLE_EVERY_PERMITS === 0);
  const next: SlotLimiterState = {
    ...state,
    lastPermit: permit,
    holds: insertHold(state.holds, hold),
    burstTokens: state.burstTokens - 1,
    probe: isProbe ? { permit } : null,
    daily: state.daily && dailySpend(state.daily, permit, isCounted, state.nowMs),
  };
  const expectedUsed = hold.ownAtStart + Math.ceil(state.foreign);
  return [next, { permit, startAtMs: untilMs, report: isProbe || isSample, expectedUsed }];
}
