/**
 * Burst: how many calls may start at once. Slots alone let a whole limit start in one moment, which some windows refuse in part. Such a
 * refusal cuts the burst, and the calls spread over the interval. They stay spread, because each slot keeps its phase.
 */
import { BURST_CUT, BURST_RECOVERY_SHARE, MIN_BURST_SHARE } from "../../constants.ts";
import type { InFlightSlot, SlotLimiterState } from "../state.ts";
import { slotCount } from "./slots.ts";

type Burst = Pick<SlotLimiterState, "burst" | "burstTokens">;

const isSpread = (state: SlotLimiterState): boolean => state.burst < state.config.burst.limit;

/** Refills the tokens for the time since the last event. */
export function refillBurst(state: SlotLimiterState, elapsedMs: number): Burst {
  if (!isSpread(state)) return { burst: state.burst, burstTokens: state.burst };
  const refill = (elapsedMs * slotCount(state)) / state.intervalMs;
  return { burst: state.burst, burstTokens: Math.min(state.burst, state.burstTokens + refill) };
}

/** Cuts the burst once per overrun. `slot` is that of the refused call, if it is still known. */
export function cutBurst(
  state: SlotLimiterState,
  slot: InFlightSlot | undefined,
): Burst & { readonly cutAtMs: number | null } {
  const { burst, burstTokens, cutAtMs, nowMs } = state;
  if (!slot || (cutAtMs !== null && slot.startMs <= cutAtMs)) return { burst, burstTokens, cutAtMs };
  const least = Math.max(1, Math.ceil(state.config.burst.limit * MIN_BURST_SHARE));
  const cut = Math.max(least, Math.floor(Math.min(burst, slotCount(state)) / BURST_CUT));
  return { burst: Math.min(burst, cut), burstTokens: Math.min(0, burstTokens), cutAtMs: nowMs };
}

/** Returns the burst after `rounds` intervals of additive recovery. */
export function recoverBurst(state: SlotLimiterState, rounds: number): number {
  const refusedLately = state.cutAtMs !== null && state.cutAtMs >= state.roundStartMs;
  const step = Math.max(1, state.config.burst.limit * BURST_RECOVERY_SHARE);
  return Math.min(state.config.burst.limit, state.burst + step * (refusedLately ? rounds - 1 : rounds));
}

/** Returns the earliest next start that the burst allows. */
export function nextBurstAtMs(state: SlotLimiterState): number {
  if (!isSpread(state) || state.burstTokens >= 1) return state.nowMs;
  return state.nowMs + ((1 - state.burstTokens) * state.intervalMs) / slotCount(state);
}
