import { PRIORITIES } from "../priority.ts";
import { recoverBurst, refillBurst } from "./rules/burst.ts";
import { dailyAt } from "./rules/daily.ts";
import { decayExternalUsage } from "./rules/external-usage.ts";
import { pruneSlots } from "./rules/slots.ts";
import type { WaitingCall, WaitingCalls } from "./rules/waiting.ts";
import type { SlotLimiterState } from "./state.ts";

const shiftCall = (call: WaitingCall, byMs: number): WaitingCall =>
  call.deadlineMs === null ? call : { ...call, deadlineMs: call.deadlineMs + byMs };

function shiftWaiting(waiting: WaitingCalls, byMs: number): WaitingCalls {
  const classes = { ...waiting.classes };
  for (const priority of PRIORITIES) {
    const flows = classes[priority].flows.map((flow) => ({
      key: flow.key,
      calls: flow.calls.map((call) => shiftCall(call, byMs)),
    }));
    classes[priority] = { deficit: classes[priority].deficit, flows };
  }
  const { nextDeadlineMs } = waiting;
  return { ...waiting, classes, nextDeadlineMs: nextDeadlineMs === null ? null : nextDeadlineMs + byMs };
}

/**
 * Moves all times with a clock that was set back, so that the remaining waits keep their length. A clock that was set forward cannot be
 * distinguished from time that has passed.
 */
function rebase(state: SlotLimiterState, nowMs: number): SlotLimiterState {
  const byMs = nowMs - state.nowMs;
  const { daily } = state;
  const shift = (timeMs: number | null): number | null => (timeMs === null ? null : timeMs + byMs);
  return {
    ...state,
    nowMs,
    inFlight: state.inFlight.map((slot) => ({
      ...slot,
      startMs: slot.startMs + byMs,
      latestStartMs: slot.latestStartMs + byMs,
      freeAtMs: slot.freeAtMs + byMs,
    })),
    cutAtMs: shift(state.cutAtMs),
    roundStartMs: state.roundStartMs + byMs,
    blockedUntilMs: state.blockedUntilMs + byMs,
    daily: daily && { ...daily, resetAtMs: shift(daily.resetAtMs), tryAgainAtMs: shift(daily.tryAgainAtMs) },
    waiting: shiftWaiting(state.waiting, byMs),
  };
}

/** Returns the state at a later time: slots end, the burst refills and recovers, external usage fades, a day ends. */
export function advance(before: SlotLimiterState, nowMs: number): SlotLimiterState {
  const state = nowMs < before.nowMs ? rebase(before, nowMs) : before;
  if (nowMs === state.nowMs) return state;
  const inFlight = pruneSlots(state.inFlight, nowMs);
  const { probe } = state;
  const isProbeLost = probe !== null && probe.permit !== 0 && !inFlight.some((slot) => slot.permit === probe.permit);
  const next: SlotLimiterState = {
    ...state,
    ...refillBurst(state, nowMs - state.nowMs),
    nowMs,
    inFlight,
    // The probe had no answer for so long that calls from before the restart no longer count either.
    probe: isProbeLost ? null : probe,
    daily: state.daily && dailyAt(state.daily, nowMs),
  };
  const rounds = Math.floor((nowMs - state.roundStartMs) / state.intervalMs);
  if (rounds < 1) return next;
  return {
    ...next,
    ...decayExternalUsage(next, rounds),
    burst: recoverBurst(next, rounds),
    roundStartMs: state.roundStartMs + rounds * state.intervalMs,
  };
}
