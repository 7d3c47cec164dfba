import { slotCount } from "./rules/slots.ts";
import type { SlotLimiterState } from "./state.ts";
import { advance } from "./time.ts";

/** Use of a budget at one moment. */
export interface Usage {
  readonly burst: {
    /** Calls per interval that HighLevel allows. */
    readonly limit: number;
    readonly intervalMs: number;
    /** Estimated calls per interval of other clients of the same budget. */
    readonly externalUsage: number;
    /** Number of calls that could start now. */
    readonly open: number;
  };
  /** `null`: no daily limit is known. */
  readonly daily: { readonly limit: number; readonly used: number; readonly resetInMs: number | null } | null;
  /** Number of calls that wait. */
  readonly waiting: number;
}

/**
 * Reads the use of a budget. The state does not change.
 *
 * @param state - State of the budget
 * @param nowMs - Current time in ms, by the clock of its events
 * @returns What is used and what is open
 * @example
 * ```ts
 * import { type SlotLimiterState, usageOf } from "@ghl-edge/rate-limit";
 *
 * export const canStart = (state: SlotLimiterState): boolean => usageOf(state, Date.now()).burst.open > 0;
 * ```
 */
export function usageOf(state: SlotLimiterState, nowMs: number): Usage {
  const now = advance(state, nowMs);
  const { limit, intervalMs, externalUsage, inFlight, daily, probe, waiting } = now;
  const isBlocked = now.blockedUntilMs > now.nowMs || (probe !== null && probe.permit !== 0);
  const free = Math.max(0, Math.min(slotCount(now) - inFlight.length, Math.floor(now.burstTokens)));
  const open = isBlocked ? 0 : probe ? Math.min(1, free) : free;
  return {
    burst: { limit, intervalMs, externalUsage: Math.round(externalUsage), open },
    daily: daily && {
      limit: daily.limit,
      used: daily.used,
      resetInMs: daily.resetAtMs === null ? null : daily.resetAtMs - now.nowMs,
    },
    waiting: waiting.count,
  };
}
