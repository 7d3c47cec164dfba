import { MAX_INTERVAL_MS } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import { cutBurst } from "./rules/burst.ts";
import { learnDaily, refundDaily } from "./rules/daily.ts";
import { observeExternalUsage } from "./rules/external-usage.ts";
import { earlierSlot, insertSlot, slotCount } from "./rules/slots.ts";
import type { InFlightSlot, SlotLimiterState } from "./state.ts";

/** Slots of late reports are stored up to this many limits. A host that reports at random must not grow the state without bound. */
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
      learnDaily(state.daily, feedback, {
        configuredLimit: config.daily?.limit ?? state.daily.limit,
        permit,
        isOfThisActivation,
        issuedSince: isOfThisActivation ? lastPermit - permit : lastPermit - firstPermit + uncheckpointed,
        nowMs: state.nowMs,
      }),
  };
}

/** Opens what the probe's answer left. Calls that HighLevel counted before it are treated as ours, made just now. */
function closeProbe(state: SlotLimiterState, feedback: Feedback | undefined): SlotLimiterState {
  const { inFlight, nowMs, intervalMs } = state;
  const slots = slotCount(state);
  const left = feedback?.status === 429 ? 0 : (feedback?.remaining ?? 0);
  const countedBefore = Math.max(0, slots - Math.min(slots, left) - inFlight.length);
  const before = Array.from({ length: countedBefore }, () => earlierSlot(nowMs, nowMs + intervalMs));
  return { ...state, probe: null, inFlight: [...inFlight, ...before].sort((a, b) => a.freeAtMs - b.freeAtMs) };
}

/** Handles the answer to a permit's call, or the news that none will come. A second report of a permit changes nothing. */
export function settle(state: SlotLimiterState, permit: number, feedback: Feedback | undefined): SlotLimiterState {
  if (permit < 1 || permit > state.lastPermit) return state;
  const known = state.inFlight.find((slot) => slot.permit === permit);
  if (known?.settled) return state;
  if (!known && state.inFlight.length >= MAX_SLOTS_PER_LIMIT * state.config.burst.limit) return state;
  const learned = feedback ? learnLimits(state, feedback, permit) : state;
  const isDayUsedUp = feedback?.dailyRemaining !== undefined && feedback.dailyRemaining <= 0;
  const isBurstRefusal = feedback?.status === 429 && !isDayUsedUp;
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
  if (isBurstRefusal) next = { ...next, ...cutBurst(next, known) };
  return feedback && (isBurstRefusal || feedback.status !== 429)
    ? { ...next, ...observeExternalUsage(next, feedback, slot) }
    : next;
}

/** Takes back a permit for which nothing was sent: its slot is free at once, and the daily count goes down. */
export function returnUnused(state: SlotLimiterState, permit: number): SlotLimiterState {
  const known = state.inFlight.find((slot) => slot.permit === permit && permit !== 0);
  if (!known || known.settled) return state;
  return {
    ...state,
    inFlight: state.inFlight.filter((slot) => slot !== known),
    burstTokens: state.burstTokens + 1,
    probe: state.probe?.permit === permit ? { permit: 0 } : state.probe,
    daily: state.daily && refundDaily(state.daily, permit),
  };
}
