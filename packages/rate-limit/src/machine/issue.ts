import { REPORT_EVERY_PERMITS } from "../constants.ts";
import { dailySpend, isCountWanted } from "./daily.ts";
import { countInFlight, insertSlot } from "./slots.ts";
import type { InFlightSlot, IssuedPermit, SlotLimiterState } from "./state.ts";

/** Every so many permits one asks for a report, so that the day's count follows HighLevel's. */
const DAILY_REPORT_EVERY_PERMITS = 100;

/** The next permit, for a call that starts at `startMs` at the soonest and at `untilMs` at the latest. */
export function issuePermit(
  state: SlotLimiterState,
  { startMs, untilMs }: { readonly startMs: number; readonly untilMs: number },
): [SlotLimiterState, IssuedPermit] {
  const permit = state.lastPermit + 1;
  const slot: InFlightSlot = {
    permit,
    startMs,
    latestStartMs: untilMs,
    freeAtMs: untilMs + state.intervalMs + state.config.unsettledPadMs,
    settled: false,
    inFlightAtStart: countInFlight(state.inFlight, startMs) + 1,
    refused: false,
  };
  const isProbe = state.probe !== null;
  const isCounted = state.daily !== null && isCountWanted(state.daily, permit);
  const isSample =
    isCounted ||
    permit % DAILY_REPORT_EVERY_PERMITS === 1 ||
    (state.externalUsage > 0 && permit % REPORT_EVERY_PERMITS === 0);
  const next: SlotLimiterState = {
    ...state,
    lastPermit: permit,
    inFlight: insertSlot(state.inFlight, slot),
    burstTokens: state.burstTokens - 1,
    probe: isProbe ? { permit } : null,
    daily: state.daily && dailySpend(state.daily, permit, isCounted, state.nowMs),
  };
  const expectedUsed = slot.inFlightAtStart + Math.ceil(state.externalUsage);
  return [next, { number: permit, startAtMs: untilMs, report: isProbe || isSample, expectedUsed }];
}
