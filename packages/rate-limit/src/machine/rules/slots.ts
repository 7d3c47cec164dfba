/**
 * Slots in use. A slot is taken from the start of a call until one interval after its answer. So the calls of one slot are counted at
 * least one interval apart, whatever window HighLevel uses and wherever it begins. With `n` slots no interval sees more than `n` calls.
 */
import { UNSETTLED_PAD_MS } from "../../constants.ts";
import type { InFlightSlot, SlotLimiterState } from "../state.ts";

/** Returns how many slots this limiter may use: the configured number, or less beside external usage. Never 0. */
export function slotCount(state: SlotLimiterState): number {
  return Math.max(1, Math.min(state.config.burst.limit, Math.floor(state.limit - state.externalUsage)));
}

/** Returns `inFlight` with one more slot, sorted by `freeAtMs`. */
export function insertSlot(inFlight: readonly InFlightSlot[], slot: InFlightSlot): InFlightSlot[] {
  let index = inFlight.length;
  while (index > 0 && inFlight[index - 1]!.freeAtMs > slot.freeAtMs) index--;
  return inFlight.toSpliced(index, 0, slot);
}

/** Returns `inFlight` without the slots that are free. */
export function pruneSlots(inFlight: readonly InFlightSlot[], nowMs: number): readonly InFlightSlot[] {
  const index = inFlight.findIndex((slot) => slot.freeAtMs > nowMs);
  return index === 0 ? inFlight : index < 0 ? [] : inFlight.slice(index);
}

/** A slot of a call from before a restart, which counts until `freeAtMs`. */
export const earlierSlot = (nowMs: number, freeAtMs: number): InFlightSlot => ({
  permit: 0,
  startMs: nowMs,
  latestStartMs: nowMs,
  freeAtMs,
  settled: true,
  inFlightAtStart: 0,
  refused: false,
});

/** Counts the calls of ours that HighLevel may count at that time. */
export function countInFlight(inFlight: readonly InFlightSlot[], nowMs: number): number {
  let count = 0;
  for (const slot of inFlight) if (slot.startMs <= nowMs && nowMs < slot.freeAtMs && !slot.refused) count++;
  return count;
}

/**
 * Returns the time at which the next slot is free. When there are more calls in flight than slots, the ones that end first have been
 * followed already. Each of the last `slotCount` calls is the last on its slot, and the first of these ends first.
 */
export function nextSlotAtMs(state: SlotLimiterState): number {
  const excess = state.inFlight.length - slotCount(state);
  return excess < 0 ? state.nowMs : state.inFlight[excess]!.freeAtMs;
}

/** Assumptions about calls without an answer. */
interface Guess {
  /** End of the slot of such a call. */
  readonly freeAtMs: (slot: InFlightSlot) => number;
  /** Time between two starts on one slot. */
  readonly cycleMs: number;
  readonly slots: number;
}

/** Estimates the start of a call that has `ahead` others before it. */
function guessStartMs(state: SlotLimiterState, ahead: number, guess: Guess): number {
  const times = state.inFlight
    .map((slot) => (slot.settled ? slot.freeAtMs : guess.freeAtMs(slot)))
    .sort((a, b) => a - b);
  const position = times.length - guess.slots + (ahead % guess.slots);
  const firstMs = position < 0 ? state.nowMs : times[position]!;
  return Math.max(firstMs, state.nowMs) + Math.floor(ahead / guess.slots) * guess.cycleMs;
}

/** Returns the earliest possible start of a call that has `ahead` others before it, whatever the answers say. */
export function lowerBoundStartMs(state: SlotLimiterState, ahead: number): number {
  const { nowMs, intervalMs } = state;
  const startMs = guessStartMs(state, ahead, {
    freeAtMs: (slot) => Math.min(slot.freeAtMs, Math.max(nowMs, slot.startMs) + intervalMs),
    cycleMs: intervalMs,
    slots: state.config.burst.limit,
  });
  return Math.max(startMs, state.blockedUntilMs);
}

/** Returns the expected start of a call that has `ahead` others before it, when answers come within the pad. */
export function expectedStartMs(state: SlotLimiterState, ahead: number): number {
  const { nowMs, intervalMs } = state;
  const cycleMs = intervalMs + UNSETTLED_PAD_MS;
  const startMs = guessStartMs(state, ahead, {
    freeAtMs: (slot) =>
      Math.min(slot.freeAtMs, (slot.latestStartMs + UNSETTLED_PAD_MS < nowMs ? nowMs : slot.latestStartMs) + cycleMs),
    cycleMs,
    slots: slotCount(state),
  });
  return Math.max(startMs, state.blockedUntilMs, state.probe === null ? 0 : nowMs + cycleMs);
}
