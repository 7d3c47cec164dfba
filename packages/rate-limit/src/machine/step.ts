import { issuePrefetched } from "./prefetch.ts";
import { lowerBoundStartMs } from "./rules/slots.ts";
import { addWaiting, removeWaiting, waitingAhead } from "./rules/waiting.ts";
import { dailyWaitOf, expectedWaitMs, longPauseOf, nextStartAtMs, serve } from "./serve.ts";
import { returnUnused, settle } from "./settle.ts";
import type { Decision, Refusal, SlotLimiterEvent, SlotLimiterState } from "./state.ts";
import { advance } from "./time.ts";

/** State after an event, and what the host must do. */
export interface Step {
  readonly state: SlotLimiterState;
  readonly decision: Decision;
}

type Request = Extract<SlotLimiterEvent, { type: "request" }>;

/** Returns why a request cannot be served, as far as that is clear at once. */
function immediateRefusal(state: SlotLimiterState, request: Request): Omit<Refusal, "call"> | undefined {
  const { priority, maxWaitMs, retry = false } = request;
  const { waiting, config, nowMs } = state;
  const dailyMs = dailyWaitOf(state, priority) || (maxWaitMs === null ? longPauseOf(state) : 0);
  if (dailyMs > 0) return { reason: "daily", retryAfterMs: dailyMs };
  const isQueueFull = waiting.count >= config.maxQueue && (waiting.count > 0 || nextStartAtMs(state) !== nowMs);
  if (isQueueFull) return { reason: "queue_full", retryAfterMs: expectedWaitMs(state) };
  if (maxWaitMs === null) return undefined;
  const ahead = waitingAhead(waiting, request, retry);
  if (lowerBoundStartMs(state, ahead) <= nowMs + Math.max(0, maxWaitMs)) return undefined;
  return { reason: "deadline", retryAfterMs: expectedWaitMs(state) };
}

function enqueue(state: SlotLimiterState, request: Request): SlotLimiterState {
  const { call, maxWaitMs, retry = false } = request;
  const deadlineMs = maxWaitMs === null ? null : state.nowMs + Math.max(0, maxWaitMs);
  return { ...state, waiting: addWaiting(state.waiting, request, { call, deadlineMs, retry }) };
}

/** Handles a request: refuses it, or puts it into the queue, serves the queue, and prefetches for it. */
function handleRequest(state: SlotLimiterState, request: Request): Step {
  const refused = immediateRefusal(state, request);
  if (refused !== undefined) {
    const [served, decision] = serve(state);
    const refusals = [{ call: request.call, ...refused }, ...decision.refusals];
    return { state: served, decision: { ...decision, refusals } };
  }
  const [served, decision] = serve(enqueue(state, request));
  const permit = request.prefetch ? decision.permits.find(({ call }) => call === request.call) : undefined;
  if (permit === undefined) return { state: served, decision };
  const [prefetchedState, prefetched] = issuePrefetched(served, request.prefetch!);
  const permits = decision.permits.map((other) => (other === permit ? { ...permit, prefetched } : other));
  return { state: prefetchedState, decision: { ...decision, permits } };
}

function apply(state: SlotLimiterState, event: Exclude<SlotLimiterEvent, Request>): SlotLimiterState {
  switch (event.type) {
    case "cancel":
      return { ...state, waiting: removeWaiting(state.waiting, ({ call }) => call === event.call).waiting };
    case "settle":
      return settle(state, event.permit, event.feedback);
    case "return":
      return returnUnused(state, event.permit);
    case "tick":
      return state;
  }
}

function join(first: Decision, { state, decision }: Step): Step {
  const permits = [...first.permits, ...decision.permits];
  const refusals = [...first.refusals, ...decision.refusals];
  return { state, decision: { ...decision, permits, refusals, dayWarning: first.dayWarning ?? decision.dayWarning } };
}

/**
 * Applies one event at one time. The function is pure: the same arguments give the same result, and no argument is changed.
 *
 * @param state - State before the event
 * @param event - What happened
 * @param nowMs - Current time in ms. A time before the last event's is treated as a clock that was set back.
 * @returns The next state, and the permits, refusals and wake-up that the host must carry out
 * @example
 * ```ts
 * import { createSlotLimiter, presets, step, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";
 *
 * const reserves = { interactive: 0, normal: 0.05, bulk: 0.2 };
 * const config = { ...presets.standard, reserves, unsettledPadMs: UNSETTLED_PAD_MS, maxQueue: 1_000 };
 * let state = createSlotLimiter(config, 0);
 * const request = { type: "request", call: 1, key: "tenant", priority: "normal", maxWaitMs: 10_000 } as const;
 * const { state: next, decision } = step(state, request, 5);
 * state = next;
 * console.log(decision.permits[0]?.number); // 1
 * ```
 */
export function step(state: SlotLimiterState, event: SlotLimiterEvent, nowMs: number): Step {
  if (event.type !== "request") {
    const [served, decision] = serve(apply(advance(state, nowMs), event));
    return { state: served, decision };
  }
  if (state.waiting.count > 0 && state.waiting.count >= state.config.maxQueue) {
    // A call that this very moment serves leaves the full queue before the new one is refused.
    const ticked = step(state, { type: "tick" }, nowMs);
    if (ticked.state.waiting.count < state.waiting.count)
      return join(ticked.decision, step(ticked.state, event, nowMs));
  }
  return handleRequest(advance(state, nowMs), event);
}
