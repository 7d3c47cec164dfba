import { DAILY_REPORT_EVERY_PERMITS, REPORT_EVERY_PERMITS } from "../constants.ts";
import { isCountNeeded, spendDaily } from "./rules/daily.ts";
import { countInFlight, insertSlot } from "./rules/slots.ts";
import type { InFlightSlot, IssuedPermit, SlotLimiterState } from "./state.ts";

/** Issues the next permit, for a call that starts between now and `latestStartMs`. */
export function issuePermit(state: SlotLimiterState, latestStartMs: number): [SlotLimiterState, IssuedPermit] {
  const { nowMs, intervalMs, config, externalUsage, daily } = state;
  const number = state.lastPermit + 1;
  const slot: InFlightSlot = {
    permit: number,
    startMs: nowMs,
    latestStartMs,
    freeAtMs: latestStartMs + intervalMs + config.unsettledPadMs,
    settled: false,
    inFlightAtStart: countInFlight(state.inFlight, nowMs) + 1,
    refused: false,
  };
  const isProbe = state.probe !== null;
  const bringsCount = daily !== null && isCountNeeded(daily, number);
  const bringsFeedback =
    bringsCount ||
    number % DAILY_REPORT_EVERY_PERMITS === 1 ||
    (externalUsage > 0 && number % REPORT_EVERY_PERMITS === 0);
  const next: SlotLimiterState = {
    ...state,
    lastPermit: number,
    inFlight: insertSlot(state.inFlight, slot),
    burstTokens: state.burstTokens - 1,
    probe: isProbe ? { permit: number } : null,
    daily: daily && spendDaily(daily, { permit: number, bringsCount, nowMs }),
  };
  const expectedUsed = slot.inFlightAtStart + Math.ceil(externalUsage);
  return [next, { number, startAtMs: latestStartMs, report: isProbe || bringsFeedback, expectedUsed }];
}
