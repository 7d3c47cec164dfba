import { MAX_PAUSE_MS } from "../constants.ts";
import { PRIORITIES, type Priority } from "../priority.ts";
import { nextBurstAtMs } from "./burst.ts";
import { dailyWaitMs, isNearlySpent } from "./daily.ts";
import { issuePermit } from "./issue.ts";
import { issuePrefetched } from "./prefetch.ts";
import { returnUnused, settle } from "./settle.ts";
import { expectedStartMs, lowerBoundStartMs, nextSlotAtMs } from "./slots.ts";
import type { CallPermit, Decision, Refusal, RefusalReason, SlotLimiterEvent, SlotLimiterState } from "./state.ts";
import { advance } from "./time.ts";
import { addWaiting, removeWaiting, takeNext, waitingAhead } from "./waiting.ts";

/** When the next permit may start; `null`: not before the answer of the probe. */
function nextStartAtMs(state: SlotLimiterState): number | null {
  if (state.probe !== null && state.probe.permit !== 0) return null;
  return Math.max(nextSlotAtMs(state), nextBurstAtMs(state), state.blockedUntilMs, state.nowMs);
}

function dailyWaitOf(state: SlotLimiterState, priority: Priority): number {
  return state.daily === null ? 0 : dailyWaitMs(state.daily, state.config.reserves[priority], state.nowMs);
}

/** Time until a pause ends that is too long for a call without deadline; 0: there is none. */
function longPauseOf({ blockedUntilMs, nowMs, intervalMs }: SlotLimiterState): number {
  const pauseMs = blockedUntilMs - nowMs;
  return pauseMs > Math.max(MAX_PAUSE_MS, intervalMs) ? pauseMs : 0;
}

/**
 * Refuses the waiting calls that only another day would serve. Otherwise they would find out when their turn comes, which
 * after a `Retry-After` is hours later.
 */
function refuseUntilNextDay(before: SlotLimiterState): [SlotLimiterState, Refusal[]] {
  let state = before;
  const refusals: Refusal[] = [];
  const pauseMs = longPauseOf(state);
  for (const priority of PRIORITIES) {
    const dailyMs = dailyWaitOf(state, priority);
    if (dailyMs === 0 && pauseMs === 0) continue;
    const { removed, waiting } = removeWaiting(
      state.waiting,
      ({ deadlineMs }, other) => other === priority && (dailyMs > 0 || deadlineMs === null),
    );
    state = { ...state, waiting };
    for (const { call } of removed) refusals.push(refusal(state, call, "daily", Math.max(dailyMs, pauseMs)));
  }
  return [state, refusals];
}

function refusal(
  state: SlotLimiterState,
  call: number,
  reason: RefusalReason,
  retryAfterMs = Math.max(1, Math.ceil(expectedStartMs(state, state.waiting.count) - state.nowMs)),
): Refusal {
  return { call, reason, retryAfterMs };
}

/** Grants what can be granted, and refuses whose deadline is here or whose class has no budget left today. */
function serve(before: SlotLimiterState, refusedBefore: readonly Refusal[]): [SlotLimiterState, Decision] {
  let state = before;
  const permits: CallPermit[] = [];
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
      const [next, permit] = issuePermit(state, { startMs: startAtMs, untilMs: startAtMs });
      state = next;
      permits.push({ call: call.call, ...permit, prefetched: [] });
      startAtMs = nextStartAtMs(state);
    }
  }
  if (state.waiting.count > 0) {
    const [possible, refused] = refuseUntilNextDay(state);
    state = possible;
    refusals.push(...refused);
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
  const turnAtMs = startAtMs === null ? state.inFlight.at(-1)!.freeAtMs : startAtMs - state.config.lookaheadMs;
  const wakeAtMs = state.waiting.count === 0 ? null : Math.min(turnAtMs, state.waiting.nextDeadlineMs ?? turnAtMs);
  const { daily } = state;
  if (daily === null || daily.warned || !isNearlySpent(daily))
    return [state, { permits, refusals, wakeAtMs, dayWarning: null }];
  const dayWarning = { limit: daily.limit, used: daily.used };
  return [
    { ...state, daily: { ...daily, warned: true } },
    { permits, refusals, wakeAtMs, dayWarning },
  ];
}

type Request = Extract<SlotLimiterEvent, { type: "request" }>;

/** Puts a call among the waiting ones, unless it is clear already that it cannot be served. */
function enqueue(state: SlotLimiterState, request: Request): [SlotLimiterState, Refusal[]] {
  const { call, key, priority, maxWaitMs, retry = false } = request;
  const dailyMs = dailyWaitOf(state, priority) || (maxWaitMs === null ? longPauseOf(state) : 0);
  if (dailyMs > 0) return [state, [refusal(state, call, "daily", dailyMs)]];
  if (state.waiting.count >= state.config.maxQueue && (state.waiting.count > 0 || nextStartAtMs(state) !== state.nowMs))
    return [state, [refusal(state, call, "queue_full")]];
  const deadlineMs = maxWaitMs === null ? null : state.nowMs + Math.max(0, maxWaitMs);
  const ahead = waitingAhead(state.waiting, priority, key, retry);
  if (deadlineMs !== null && lowerBoundStartMs(state, ahead) > deadlineMs)
    return [state, [refusal(state, call, "deadline")]];
  return [{ ...state, waiting: addWaiting(state.waiting, { priority, key }, { call, deadlineMs, retry }) }, []];
}

function apply(state: SlotLimiterState, event: SlotLimiterEvent): [SlotLimiterState, Refusal[]] {
  switch (event.type) {
    case "request":
      return enqueue(state, event);
    case "cancel":
      return [{ ...state, waiting: removeWaiting(state.waiting, ({ call }) => call === event.call).waiting }, []];
    case "settle":
      return [settle(state, event.permit, event.feedback), []];
    case "return":
      return [returnUnused(state, event.permit), []];
    case "tick":
      return [state, []];
  }
}

interface Stepped {
  readonly state: SlotLimiterState;
  readonly decision: Decision;
}

function joined(first: Decision, { state, decision }: Stepped): Stepped {
  const permits = [...first.permits, ...decision.permits];
  const refusals = [...first.refusals, ...decision.refusals];
  return { state, decision: { ...decision, permits, refusals, dayWarning: first.dayWarning ?? decision.dayWarning } };
}

/**
 * One event at one time: the next state, and what follows. Pure: the same arguments give the same result, no argument is
 * changed. A time before the last event's is taken for a clock that was set back.
 */
export function step(state: SlotLimiterState, event: SlotLimiterEvent, nowMs: number): Stepped {
  if (event.type === "request" && state.waiting.count > 0 && state.waiting.count >= state.config.maxQueue) {
    // whose turn has come with this very moment leaves the full queue before one more is refused
    const ticked = step(state, { type: "tick" }, nowMs);
    if (ticked.state.waiting.count < state.waiting.count)
      return joined(ticked.decision, step(ticked.state, event, nowMs));
  }
  const [applied, refusals] = apply(advance(state, nowMs), event);
  const [served, decision] = serve(applied, refusals);
  if (event.type !== "request" || !event.prefetch) return { state: served, decision };
  const permit = decision.permits.find(({ call }) => call === event.call);
  if (permit === undefined || permit.startAtMs > nowMs) return { state: served, decision };
  const [given, prefetched] = issuePrefetched(served, event.prefetch);
  const permits = decision.permits.map((other) => (other === permit ? { ...permit, prefetched } : other));
  return { state: given, decision: { ...decision, permits } };
}
