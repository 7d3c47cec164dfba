import { SAMPLE_EVERY_PERMITS } from "../constants.ts";
import type { Priority } from "../priority.ts";
import { nextBurstAtMs } from "./burst.ts";
import { dailySpend, dailyWaitMs, isAssumedTooMuch, isNearlySpent } from "./daily.ts";
import { expectedStartMs, insertHold, lowerBoundStartMs, nextSlotAtMs, ownCount } from "./holds.ts";
import { returnUnused, settle } from "./settle.ts";
import type { Decision, Grant, Hold, Refusal, RefusalReason, SlotLimiterEvent, SlotLimiterState } from "./state.ts";
import { advance } from "./time.ts";
import { addWaiting, removeWaiting, takeNext, waitingAhead } from "./waiting.ts";

/** Every so many permits one asks for a report, so that the day's count follows HighLevel's. */
const DAILY_SAMPLE_EVERY_PERMITS = 100;

/** When the next permit may start; `null`: not before the answer of the probe. */
function nextStartAtMs(state: SlotLimiterState): number | null {
  if (state.probe !== null && state.probe.permit !== 0) return null;
  return Math.max(nextSlotAtMs(state), nextBurstAtMs(state), state.blockedUntilMs, state.nowMs);
}

function dailyWaitOf(state: SlotLimiterState, priority: Priority): number {
  return state.daily === null ? 0 : dailyWaitMs(state.daily, state.config.reserves[priority], state.nowMs);
}

function refusal(
  state: SlotLimiterState,
  call: number,
  reason: RefusalReason,
  retryAfterMs = Math.max(1, Math.ceil(expectedStartMs(state, state.waiting.count) - state.nowMs)),
): Refusal {
  return { call, reason, retryAfterMs };
}

function grantNext(state: SlotLimiterState, call: number, startAtMs: number): [SlotLimiterState, Grant] {
  const permit = state.lastPermit + 1;
  const hold: Hold = {
    permit,
    startMs: startAtMs,
    freeAtMs: startAtMs + state.intervalMs + state.config.unsettledPadMs,
    settled: false,
    ownAtStart: ownCount(state.holds, startAtMs) + 1,
    refused: false,
  };
  const isProbe = state.probe !== null;
  const isSample =
    permit % DAILY_SAMPLE_EVERY_PERMITS === 1 ||
    (state.foreign > 0 && permit % SAMPLE_EVERY_PERMITS === 0) ||
    (state.daily !== null && isAssumedTooMuch(state.daily));
  const next: SlotLimiterState = {
    ...state,
    lastPermit: permit,
    holds: insertHold(state.holds, hold),
    burstTokens: state.burstTokens - 1,
    probe: isProbe ? { permit } : null,
    daily: state.daily && dailySpend(state.daily, state.nowMs),
  };
  const expectedUsed = hold.ownAtStart + Math.ceil(state.foreign);
  return [next, { call, permit, startAtMs, report: isProbe || isSample, expectedUsed }];
}

/** Grants what can be granted, and refuses whose deadline is here or whose class has no budget left today. */
function serve(before: SlotLimiterState, refusedBefore: readonly Refusal[]): [SlotLimiterState, Decision] {
  let state = before;
  const grants: Grant[] = [];
  const refusals = [...refusedBefore];
  let startAtMs = nextStartAtMs(state);
  while (state.waiting.count > 0 && startAtMs !== null && startAtMs <= state.nowMs + state.config.lookaheadMs) {
    const { call, priority, waiting } = takeNext(state.waiting);
    const dailyMs = dailyWaitOf(state, priority);
    if (dailyMs > 0) {
      const others = removeWaiting(waiting, (_, other) => other === priority);
      state = { ...state, waiting: others.waiting };
      for (const { call: name } of [call, ...others.removed]) refusals.push(refusal(state, name, "daily", dailyMs));
      continue;
    }
    state = { ...state, waiting };
    if (call.deadlineMs !== null && startAtMs > call.deadlineMs) refusals.push(refusal(state, call.call, "deadline"));
    else {
      const [next, grant] = grantNext(state, call.call, startAtMs);
      state = next;
      grants.push(grant);
      startAtMs = nextStartAtMs(state);
    }
  }
  const { nextDeadlineMs } = state.waiting;
  if (nextDeadlineMs !== null && nextDeadlineMs <= state.nowMs) {
    const { removed, waiting } = removeWaiting(
      state.waiting,
      ({ deadlineMs }) => deadlineMs !== null && deadlineMs <= state.nowMs,
    );
    state = { ...state, waiting };
    for (const { call } of removed) refusals.push(refusal(state, call, "deadline"));
  }
  const turnAtMs = startAtMs === null ? state.holds.at(-1)!.freeAtMs : startAtMs - state.config.lookaheadMs;
  const wakeAtMs = state.waiting.count === 0 ? null : Math.min(turnAtMs, state.waiting.nextDeadlineMs ?? turnAtMs);
  const { daily } = state;
  if (daily === null || daily.warned || !isNearlySpent(daily))
    return [state, { grants, refusals, wakeAtMs, dayWarning: null }];
  const dayWarning = { limit: daily.limit, used: daily.used };
  return [
    { ...state, daily: { ...daily, warned: true } },
    { grants, refusals, wakeAtMs, dayWarning },
  ];
}

type Request = Extract<SlotLimiterEvent, { type: "request" }>;

/** Puts a call among the waiting ones, unless it is clear already that it cannot be served. */
function enqueue(state: SlotLimiterState, request: Request): [SlotLimiterState, Refusal[]] {
  const { call, key, priority, maxWaitMs, again = false } = request;
  const dailyMs = dailyWaitOf(state, priority);
  if (dailyMs > 0) return [state, [refusal(state, call, "daily", dailyMs)]];
  if (state.waiting.count >= state.config.maxQueue && (state.waiting.count > 0 || nextStartAtMs(state) !== state.nowMs))
    return [state, [refusal(state, call, "queue_full")]];
  const deadlineMs = maxWaitMs === null ? null : state.nowMs + Math.max(0, maxWaitMs);
  const ahead = waitingAhead(state.waiting, priority, key, again);
  if (deadlineMs !== null && lowerBoundStartMs(state, ahead) > deadlineMs)
    return [state, [refusal(state, call, "deadline")]];
  return [{ ...state, waiting: addWaiting(state.waiting, { priority, key }, { call, deadlineMs, again }) }, []];
}

function apply(state: SlotLimiterState, event: SlotLimiterEvent): [SlotLimiterState, Refusal[]] {
  switch (event.type) {
    case "request":
      return enqueue(state, event);
    case "cancel":
      return [{ ...state, waiting: removeWaiting(state.waiting, ({ call }) => call === event.call).waiting }, []];
    case "settle":
      return [settle(state, event.permit, event.feedback), []];
    case "unused":
      return [returnUnused(state, event.permit), []];
    case "tick":
      return [state, []];
  }
}

/**
 * One event at one time: the next state, and what follows. Pure: the same arguments give the same result, no argument is
 * changed. A time before the last event's is taken for a clock that was set back.
 */
export function step(
  state: SlotLimiterState,
  event: SlotLimiterEvent,
  nowMs: number,
): { readonly state: SlotLimiterState; readonly decision: Decision } {
  const [applied, refusals] = apply(advance(state, nowMs), event);
  const [served, decision] = serve(applied, refusals);
  return { state: served, decision };
}
