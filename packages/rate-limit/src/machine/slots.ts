/**
 * Slots in use. A slot is held from its start until one interval after the answer, so that the calls of one slot are counted
 * at least one interval apart, whatever window HighLevel uses and wherever it begins. With `n` slots no interval sees more than
 * `n` calls.
 */
import { UNSETTLED_PAD_MS } from "../constants.ts";
import type { Hold, SlotLimiterState } from "./state.ts";

/** Slots this limiter may use: the configured number, less when others spend of the same limit. Never 0. */
export function slotCount(state: SlotLimiterState): number {
  return Math.max(1, Math.min(state.config.burst.limit, Math.floor(state.limit - state.foreign)));
}

/** `holds` with one more, sorted by `freeAtMs`. */
export function insertHold(holds: readonly Hold[], hold: Hold): Hold[] {
  let index = holds.length;
  while (index > 0 && holds[index - 1]!.freeAtMs > hold.freeAtMs) index--;
  return holds.toSpliced(index, 0, hold);
}

/** `holds` without those that are free. */
export function pruneHolds(holds: readonly Hold[], nowMs: number): readonly Hold[] {
  const index = holds.findIndex((hold) => hold.freeAtMs > nowMs);
  return index === 0 ? holds : index < 0 ? [] : holds.slice(index);
}

/** Calls of ours that HighLevel may count at that time. */
export function ownCount(holds: readonly Hold[], nowMs: number): number {
  let count = 0;
  for (const hold of holds) if (hold.startMs <= nowMs && nowMs < hold.freeAtMs && !hold.refused) count++;
  return count;
}

/**
 * When the next slot is free. Of `n` calls the last `slotCount` are each the last on their slot, the ones before them have been
 * followed already; the first of the last ones ends first.
 */
export function nextSlotAtMs(state: SlotLimiterState): number {
  const spare = state.holds.length - slotCount(state);
  return spare < 0 ? state.nowMs : state.holds[spare]!.freeAtMs;
}

/** When the slot of a call ends whose answer is still out. */
interface Guess {
  readonly freeAtMs: (hold: Hold) => number;
  /** From one start on a slot to the next. */
  readonly cycleMs: number;
  readonly slots: number;
}

/** Start of a call before which `ahead` others start, by a guess. */
function guessStartMs(state: SlotLimiterState, ahead: number, guess: Guess): number {
  const times = state.holds.map((hold) => (hold.settled ? hold.freeAtMs : guess.freeAtMs(hold))).sort((a, b) => a - b);
  const spare = times.length - guess.slots;
  const position = spare + (ahead % guess.slots);
  const firstMs = position < 0 ? state.nowMs : times[position]!;
  return Math.max(firstMs, state.nowMs) + Math.floor(ahead / guess.slots) * guess.cycleMs;
}

/** No call before which `ahead` others start can start earlier, whatever the answers say. */
export function lowerBoundStartMs(state: SlotLimiterState, ahead: number): number {
  const { nowMs, intervalMs } = state;
  const startMs = guessStartMs(state, ahead, {
    freeAtMs: (hold) => Math.min(hold.freeAtMs, Math.max(nowMs, hold.startMs) + intervalMs),
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
    freeAtMs: (hold) =>
      Math.min(hold.freeAtMs, (hold.latestStartMs + UNSETTLED_PAD_MS < nowMs ? nowMs : hold.latestStartMs) + cycleMs),
    cycleMs,
    slots: slotCount(state),
  });
  return Math.max(startMs, state.blockedUntilMs, state.probe === null ? 0 : nowMs + cycleMs);
}
