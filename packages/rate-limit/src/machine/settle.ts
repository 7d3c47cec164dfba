import { MAX_INTERVAL_MS } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import { cutBurst } from "./burst.ts";
import { dailyFeedback, dailyRefund } from "./daily.ts";
import { sampleForeign } from "./external-usage.ts";
import { insertHold, slotCount } from "./slots.ts";
import type { Hold, SlotLimiterState } from "./state.ts";

/** Holds of late reports are kept up to so many limits: a host that reports at random must not grow the state. */
const MAX_HOLDS_PER_LIMIT = 2;

function learnLimits(state: SlotLimiterState, feedback: Feedback, permit: number): SlotLimiterState {
  const { config, lastPermit, firstPermit, assumed } = state;
  const isOfThisLife = permit > firstPermit;
  const { limit, intervalMs } = feedback;
  return {
    ...state,
    limit: limit === undefined || limit < 1 ? state.limit : limit,
    intervalMs:
      intervalMs === undefined || intervalMs > MAX_INTERVAL_MS
        ? state.intervalMs
        : Math.max(config.burst.intervalMs, intervalMs),
    daily:
      state.daily &&
      dailyFeedback(state.daily, feedback, {
        configuredLimit: config.daily?.limit ?? state.daily.limit,
        permit,
        isOfThisLife,
        grantedSince: isOfThisLife ? lastPermit - permit : lastPermit - firstPermit + assumed,
        nowMs: state.nowMs,
      }),
  };
}

/** Opens what the probe's answer left: as if the calls counted before it had been ours, made just now. */
function closeProbe(state: SlotLimiterState, feedback: Feedback | undefined): SlotLimiterState {
  const { holds, nowMs, intervalMs } = state;
  const slots = slotCount(state);
  const left = feedback?.status === 429 ? 0 : (feedback?.remaining ?? 0);
  const before: Hold[] = Array.from({ length: Math.max(0, slots - Math.min(slots, left) - holds.length) }, () => ({
    permit: 0,
    startMs: nowMs,
    latestStartMs: nowMs,
    freeAtMs: nowMs + intervalMs,
    settled: true,
    ownAtStart: 0,
    refused: false,
  }));
  return { ...state, probe: null, holds: [...holds, ...before].sort((a, b) => a.freeAtMs - b.freeAtMs) };
}

/** The answer of a permit is there, or will never come. A second report of the same permit changes nothing. */
export function settle(state: SlotLimiterState, permit: number, feedback: Feedback | undefined): SlotLimiterState {
  if (permit < 1 || permit > state.lastPermit) return state;
  const known = state.holds.find((hold) => hold.permit === permit);
  if (known?.settled) return state;
  if (!known && state.holds.length >= MAX_HOLDS_PER_LIMIT * state.config.burst.limit) return state;
  const learned = feedback ? learnLimits(state, feedback, permit) : state;
  const dailyUsedUp = feedback?.dailyRemaining !== undefined && feedback.dailyRemaining <= 0;
  const refusedByBurst = feedback?.status === 429 && !dailyUsedUp;
  const hold: Hold = {
    permit,
    startMs: known?.startMs ?? state.nowMs,
    latestStartMs: known?.latestStartMs ?? state.nowMs,
    freeAtMs: state.nowMs + learned.intervalMs,
    settled: true,
    ownAtStart: known?.ownAtStart ?? 0,
    refused: feedback?.status === 429,
  };
  let next: SlotLimiterState = {
    ...learned,
    holds: insertHold(known ? learned.holds.filter((other) => other !== known) : learned.holds, hold),
  };
  if (feedback?.status === 429 && feedback.retryAfterMs !== undefined)
    next = { ...next, blockedUntilMs: Math.max(next.blockedUntilMs, state.nowMs + feedback.retryAfterMs) };
  if (next.probe?.permit === permit) return closeProbe(next, feedback);
  if (refusedByBurst) next = { ...next, ...cutBurst(next, known) };
  return feedback && (refusedByBurst || feedback.status !== 429)
    ? { ...next, ...sampleForeign(next, feedback, hold) }
    : next;
}

/** Nothing was sent for a permit: its slot is free at once, and the day's count goes back. */
export function returnUnused(state: SlotLimiterState, permit: number): SlotLimiterState {
  const known = state.holds.find((hold) => hold.permit === permit && permit !== 0);
  if (!known || known.settled) return state;
  return {
    ...state,
    holds: state.holds.filter((hold) => hold !== known),
    burstTokens: state.burstTokens + 1,
    probe: state.probe?.permit === permit ? { permit: 0 } : state.probe,
    daily: state.daily && dailyRefund(state.daily, permit),
  };
}
