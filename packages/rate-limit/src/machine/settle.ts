import { MAX_INTERVAL_MS } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import { cutBurst } from "./burst.ts";
import { dailyFeedback, dailyRefund } from "./daily.ts";
import { observeExternalUsage } from "./external-usage.ts";
import { insertSlot, slotCount } from "./slots.ts";
import type { InFlightSlot, SlotLimiterState } from "./state.ts";

/** Holds of late reports are kept up to so many limits: a host that reports at random must not grow the state. */
const MAX_SLOTS_PER_LIMIT = 2;

function learnLimits(state: SlotLimiterState, feedback: Feedback, permit: number): SlotLimiterState {
  const { config, lastPermit, firstPermit, uncheckpointed } = state;
  const isOfThisActivation = permit > firstPermit;
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
        isOfThisActivation,
        grantedSince: isOfThisActivation ? lastPermit - permit : lastPermit - firstPermit + uncheckpointed,
        nowMs: state.nowMs,
      }),
  };
}

/** Opens what the probe's answer left: as if the calls counted before it had been ours, made just now. */
function closeProbe(state: SlotLimiterState, feedback: Feedback | undefined): SlotLimiterState {
  const { inFlight, nowMs, intervalMs } = state;
  const slots = slotCount(state);
  const left = feedback?.status === 429 ? 0 : (feedback?.remaining ?? 0);
  const before: InFlightSlot[] = Array.from(
    { length: Math.max(0, slots - Math.min(slots, left) - inFlight.length) },
    () => ({
      permit: 0,
      startMs: nowMs,
      latestStartMs: nowMs,
      freeAtMs: nowMs + intervalMs,
      settled: true,
      inFlightAtStart: 0,
      refused: false,
    }),
  );
  return { ...state, probe: null, inFlight: [...inFlight, ...before].sort((a, b) => a.freeAtMs - b.freeAtMs) };
}

/** The answer of a permit is there, or will never come. A second report of the same permit changes nothing. */
export function settle(state: SlotLimiterState, permit: number, feedback: Feedback | undefined): SlotLimiterState {
  if (permit < 1 || permit > state.lastPermit) return state;
  const known = state.inFlight.find((slot) => slot.permit === permit);
  if (known?.settled) return state;
  if (!known && state.inFlight.length >= MAX_SLOTS_PER_LIMIT * state.config.burst.limit) return state;
  const learned = feedback ? learnLimits(state, feedback, permit) : state;
  const dailyUsedUp = feedback?.dailyRemaining !== undefined && feedback.dailyRemaining <= 0;
  const refusedByBurst = feedback?.status === 429 && !dailyUsedUp;
  const slot: InFlightSlot = {
    permit,
    startMs: known?.startMs ?? state.nowMs,
    latestStartMs: known?.latestStartMs ?? state.nowMs,
    freeAtMs: state.nowMs + learned.intervalMs,
    settled: true,
    inFlightAtStart: known?.inFlightAtStart ?? 0,
    refused: feedback?.status === 429,
  };
  let next: SlotLimiterState = {
    ...learned,
    inFlight: insertSlot(known ? learned.inFlight.filter((other) => other !== known) : learned.inFlight, slot),
  };
  if (feedback?.status === 429 && feedback.retryAfterMs !== undefined)
    next = { ...next, blockedUntilMs: Math.max(next.blockedUntilMs, state.nowMs + feedback.retryAfterMs) };
  if (next.probe?.permit === permit) return closeProbe(next, feedback);
  if (refusedByBurst) next = { ...next, ...cutBurst(next, known) };
  return feedback && (refusedByBurst || feedback.status !== 429)
    ? { ...next, ...observeExternalUsage(next, feedback, slot) }
    : next;
}

/** Nothing was sent for a permit: its slot is free at once, and the day's count goes back. */
export function returnUnused(state: SlotLimiterState, permit: number): SlotLimiterState {
  const known = state.inFlight.find((slot) => slot.permit === permit && permit !== 0);
  if (!known || known.settled) return state;
  return {
    ...state,
    inFlight: state.inFlight.filter((slot) => slot !== known),
    burstTokens: state.burstTokens + 1,
    probe: state.probe?.permit === permit ? { permit: 0 } : state.probe,
    daily: state.daily && dailyRefund(state.daily, permit),
  };
}
