import { MAX_PAUSE_MS } from "../constants.ts";
import { PRIORITIES, type Priority } from "../priority.ts";
import { issuePermit } from "./issue.ts";
import { nextBurstAtMs } from "./rules/burst.ts";
import { dailyWaitMs, isNearlyUsedUp } from "./rules/daily.ts";
import { expectedStartMs, nextSlotAtMs } from "./rules/slots.ts";
import { removeWaiting, takeNext, type WaitingCall } from "./rules/waiting.ts";
import type { CallPermit, Decision, Refusal, SlotLimiterState } from "./state.ts";

/** A state, and the calls that were refused on the way to it. */
type Refused = readonly [SlotLimiterState, readonly Refusal[]];

/** Returns the earliest start of the next permit. `null`: not before the answer to the probe. */
export function nextStartAtMs(state: SlotLimiterState): number | null {
  if (state.probe !== null && state.probe.permit !== 0) return null;
  return Math.max(nextSlotAtMs(state), nextBurstAtMs(state), state.blockedUntilMs, state.nowMs);
}

/** Returns the time in ms until the daily limit lets a call of this priority start. 0: it may start now. */
export function dailyWaitOf(state: SlotLimiterState, priority: Priority): number {
  return state.daily === null ? 0 : dailyWaitMs(state.daily, state.config.reserves[priority], state.nowMs);
}

/** Returns the time in ms until the end of a pause that is too long for a call without a deadline. 0: there is none. */
export function longPauseOf({ blockedUntilMs, nowMs, intervalMs }: SlotLimiterState): number {
  const pauseMs = blockedUntilMs - nowMs;
  return pauseMs > Math.max(MAX_PAUSE_MS, intervalMs) ? pauseMs : 0;
}

/** Returns the time in ms after which a refused call can expect a permit, behind all calls that wait. */
export function expectedWaitMs(state: SlotLimiterState): number {
  return Math.max(1, Math.ceil(expectedStartMs(state, state.waiting.count) - state.nowMs));
}

function refuseWaiting(
  state: SlotLimiterState,
  retryAfterMs: number,
  isRefused: (call: WaitingCall, priority: Priority) => boolean,
): Refused {
  const { removed, waiting } = removeWaiting(state.waiting, isRefused);
  return [{ ...state, waiting }, removed.map(({ call }) => ({ call, reason: "daily", retryAfterMs }))];
}

/**
 * Refuses the waiting calls that only another day can serve. Otherwise they would learn of it when they are next in line, which is hours
 * later after a long `Retry-After`.
 */
function refuseUntilNextDay(before: SlotLimiterState): Refused {
  let state = before;
  const refusals: Refusal[] = [];
  const pauseMs = longPauseOf(state);
  for (const priority of PRIORITIES) {
    const dailyMs = dailyWaitOf(state, priority);
    if (dailyMs === 0 && pauseMs === 0) continue;
    const [next, refused] = refuseWaiting(
      state,
      Math.max(dailyMs, pauseMs),
      ({ deadlineMs }, other) => other === priority && (dailyMs > 0 || deadlineMs === null),
    );
    state = next;
    refusals.push(...refused);
  }
  return [state, refusals];
}

/** Refuses the waiting calls whose deadline has come. */
function refuseOverdue(state: SlotLimiterState): Refused {
  const { nowMs } = state;
  const { nextDeadlineMs } = state.waiting;
  if (nextDeadlineMs === null || nextDeadlineMs > nowMs) return [state, []];
  const { removed, waiting } = removeWaiting(
    state.waiting,
    ({ deadlineMs }) => deadlineMs !== null && deadlineMs <= nowMs,
  );
  const next = { ...state, waiting };
  const retryAfterMs = removed.length === 0 ? 0 : expectedWaitMs(next);
  return [next, removed.map(({ call }) => ({ call, reason: "deadline", retryAfterMs }))];
}

/** Issues permits to waiting calls as long as one may start now. Calls that cannot be served today are refused on the way. */
function issueWaiting(before: SlotLimiterState): {
  readonly state: SlotLimiterState;
  readonly permits: CallPermit[];
  readonly refusals: Refusal[];
} {
  let state = before;
  const permits: CallPermit[] = [];
  const refusals: Refusal[] = [];
  while (state.waiting.count > 0 && nextStartAtMs(state) === state.nowMs) {
    const { call, priority, waiting } = takeNext(state.waiting);
    const dailyMs = dailyWaitOf(state, priority);
    state = { ...state, waiting };
    if (dailyMs > 0) {
      refusals.push({ call: call.call, reason: "daily", retryAfterMs: dailyMs });
      const [next, refused] = refuseWaiting(state, dailyMs, (_, other) => other === priority);
      state = next;
      refusals.push(...refused);
    } else if (call.deadlineMs !== null && state.nowMs > call.deadlineMs)
      refusals.push({ call: call.call, reason: "deadline", retryAfterMs: expectedWaitMs(state) });
    else {
      const [next, permit] = issuePermit(state, state.nowMs);
      state = next;
      permits.push({ call: call.call, ...permit, prefetched: [] });
    }
  }
  return { state, permits, refusals };
}

function wakeAtMsOf(state: SlotLimiterState): number | null {
  if (state.waiting.count === 0) return null;
  const startAtMs = nextStartAtMs(state) ?? state.inFlight.at(-1)!.freeAtMs;
  return Math.min(startAtMs, state.waiting.nextDeadlineMs ?? startAtMs);
}

/** Issues every permit that can be issued now, and refuses the calls that cannot be served in time. */
export function serve(before: SlotLimiterState): readonly [SlotLimiterState, Decision] {
  const { state: issued, permits, refusals } = issueWaiting(before);
  const [possible, untilNextDay] = issued.waiting.count > 0 ? refuseUntilNextDay(issued) : [issued, []];
  const [state, overdue] = refuseOverdue(possible);
  const decision = {
    permits,
    refusals: [...refusals, ...untilNextDay, ...overdue],
    wakeAtMs: wakeAtMsOf(state),
    dayWarning: null,
  };
  const { daily } = state;
  if (daily === null || daily.warned || !isNearlyUsedUp(daily)) return [state, decision];
  const dayWarning = { limit: daily.limit, used: daily.used };
  return [
    { ...state, daily: { ...daily, warned: true } },
    { ...decision, dayWarning },
  ];
}
