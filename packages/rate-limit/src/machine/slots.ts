/**
 * Slots in use. A slot is held from its start until one interval after the answer, so that the calls of one slot are counted
 * at least one interval apart, whatever window HighLevel uses and wherever it begins. With `n` slots no interval sees more than
 * `n` calls.
 */
import { UNSETTLED_PAD_MS } from "../constants.ts";
import type { InFlightSlot, SlotLimiterState } from "./state.ts";

/** Slots this limiter may use: the configured number, less when others spend of the same limit. Never 0. */
export function slotCount(state: SlotLimiterState): number {
  return Math.max(1, Math.min(state.config.burst.limit, Math.floor(state.limit - state.externalUsage)));
}

/** `holds` with one more, sorted by `freeAtMs`. */
export function insertSlot(inFlight: readonly InFlightSlot[], slot: InFlightSlot): InFlightSlot[] {
  let index = inFlight.length;
  while (index > 0 && inFlight[index - 1]!.freeAtMs > slot.freeAtMs) index--;
  return inFlight.toSpliced(index, 0, slot);
}

/** `holds` without those that are free. */
export function pruneSlots(inFlight: readonly InFlightSlot[], nowMs: number): readonly InFlightSlot[] {
  const index = inFlight.findIndex((slot) => slot.freeAtMs > nowMs);
  return index === 0 ? inFlight : index < 0 ? [] : inFlight.slice(index);
}

/** Calls of ours that HighLevel may count at that time. */
export function countInFlight(inFlight: readonly InFlightSlot[], nowMs: number): number {
  let count = 0;
  for (const slot of inFlight) if (slot.startMs <= nowMs && nowMs < slot.freeAtMs && !slot.refused) count++;
  return count;
}

/**
 * When the next slot is free. Of `n` calls the last `slotCount` are each the last on their slot, the ones before them have been
 * followed already; the first of the last ones ends first.
 */
export function nextSlotAtMs(state: SlotLimiterState): number {
  const excess = state.inFlight.length - slotCount(state);
  return excess < 0 ? state.nowMs : state.inFlight[excess]!.freeAtMs;
}

/** When the slot of a call ends whose answer is still out. */
interface Guess {
  readonly freeAtMs: (slot: InFlightSlot) => number;
  /** From one start on a slot to the next. */
  readonly cycleMs: number;
  readonly slots: number;
}

/** Start of a call before which `ahead` others start, by a guess. */
function guessStartMs(state: SlotLimiterState, ahead: number, guess: Guess): number {
  const times = state.inFlight
    .map((slot) => (slot.settled ? slot.freeAtMs : guess.freeAtMs(slot)))
    .sort((a, b) => a - b);
  const excess = times.length - guess.slots;
  const position = excess + (ahead % guess.slots);
  const firstMs = position < 0 ? state.nowMs : times[position]!;
  return Math.max(firstMs, state.nowMs) + Math.floor(ahead / guess.slots) * guess.cycleMs;
}

/** No call before which `ahead` others start can start earlier, whatever the answers say. */
export function lowerBoundStartMs(state: SlotLimiterState, ahead: number): number {
  const { nowMs, intervalMs } = state;
  const startMs = guessStartMs(state, ahead, {
    freeAtMs: (slot) => Math.min(slot.freeAtMs, Math.max(nowMs, slot.startMs) + intervalMs),
    cycleMs: intervalMs,
    slots: state.config.burst.limit,
  });
  return Math.max(startMs, state.blockedUntilMs);
}

/** Start to expect of a call before which `ahead` others start, with answers that come within the pad. */
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
