import { slotCount } from "./slots.ts";
import type { SlotLimiterState } from "./state.ts";
import { advance } from "./time.ts";

/** What a budget looks like at one time. */
export interface Usage {
  readonly burst: {
    /** Calls per interval that HighLevel allows. */
    readonly limit: number;
    readonly intervalMs: number;
    /** Estimate of what others spend of it. */
    readonly externalUsage: number;
    /** Calls that could start now. */
    readonly open: number;
  };
  /** `null`: no daily limit is known. */
  readonly daily: { readonly limit: number; readonly used: number; readonly resetInMs: number | null } | null;
  /** Calls that wait. */
  readonly waiting: number;
}

/** What is used at that time; the state itself is not changed. */
export function usageOf(state: SlotLimiterState, nowMs: number): Usage {
  const now = advance(state, nowMs);
  const { limit, intervalMs, externalUsage, inFlight, daily, probe, waiting } = now;
  const blocked = now.blockedUntilMs > now.nowMs || (probe !== null && probe.permit !== 0);
  const free = Math.max(0, Math.min(slotCount(now) - inFlight.length, Math.floor(now.burstTokens)));
  return {
    burst: {
      limit,
      intervalMs,
      externalUsage: Math.round(externalUsage),
      open: blocked ? 0 : probe ? Math.min(1, free) : free,
    },
    daily: daily && {
      limit: daily.limit,
      used: daily.used,
      resetInMs: daily.resetAtMs === null ? null : daily.resetAtMs - now.nowMs,
    },
    waiting: waiting.count,
  };
}
