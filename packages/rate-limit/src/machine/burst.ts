/**
 * How many calls may start at once. Slots alone let a whole limit go in one moment, which some windows refuse in part. After such
 * a refusal the burst is cut, and the calls spread over the interval; the spread stays, because each slot keeps its phase.
 */
import { BURST_CUT, BURST_RECOVERY_SHARE, MIN_BURST_SHARE } from "../constants.ts";
import { slotCount } from "./slots.ts";
import type { InFlightSlot, SlotLimiterState } from "./state.ts";

type Burst = Pick<SlotLimiterState, "burst" | "burstTokens">;

const isSpread = (state: SlotLimiterState): boolean => state.burst < state.config.burst.limit;

/** Refills for the time since the last event. */
export function refillBurst(state: SlotLimiterState, elapsedMs: number): Burst {
  if (!isSpread(state)) return { burst: state.burst, burstTokens: state.burst };
  const refill = (elapsedMs * slotCount(state)) / state.intervalMs;
  return { burst: state.burst, burstTokens: Math.min(state.burst, state.burstTokens + refill) };
}

/** Cuts the burst, once per refusal and its echoes; `hold`: the refused call, where it is still known. */
export function cutBurst(state: SlotLimiterState, slot: InFlightSlot | undefined): Burst & { cutAtMs: number | null } {
  const { burst, burstTokens, cutAtMs, nowMs } = state;
  if (!slot || (cutAtMs !== null && slot.startMs <= cutAtMs)) return { burst, burstTokens, cutAtMs };
  const least = Math.max(1, Math.ceil(state.config.burst.limit * MIN_BURST_SHARE));
  const cut = Math.max(least, Math.floor(Math.min(burst, slotCount(state)) / BURST_CUT));
  return { burst: Math.min(burst, cut), burstTokens: Math.min(0, burstTokens), cutAtMs: nowMs };
}

/** Additive recovery after `rounds` intervals. */
export function recoverBurst(state: SlotLimiterState, rounds: number): number {
  const refusedLately = state.cutAtMs !== null && state.cutAtMs >= state.roundStartMs;
  const step = Math.max(1, state.config.burst.limit * BURST_RECOVERY_SHARE);
  return Math.min(state.config.burst.limit, state.burst + step * (refusedLately ? rounds - 1 : rounds));
}

/** When the next call may start as far as the burst goes. */
export function nextBurstAtMs(state: SlotLimiterState): number {
  if (!isSpread(state) || state.burstTokens >= 1) return state.nowMs;
  return state.nowMs + ((1 - state.burstTokens) * state.intervalMs) / slotCount(state);
}
