import { checkConfig, demandNumber } from "../check-config.ts";
import { newDay } from "./daily.ts";
import type { SlotLimiterConfig, SlotLimiterState } from "./state.ts";
import { NOBODY_WAITS } from "./waiting.ts";

/** A limiter that has seen no call yet. @throws RateLimitConfigurationError */
export function createSlotLimiter(config: SlotLimiterConfig, nowMs: number): SlotLimiterState {
  checkConfig(config);
  demandNumber("nowMs", nowMs, {});
  const { burst, daily } = config;
  return {
    config,
    nowMs,
    lastPermit: 0,
    firstPermit: 0,
    uncheckpointedPermits: 0,
    uncheckpointed: 0,
    inFlight: [],
    limit: burst.limit,
    intervalMs: burst.intervalMs,
    externalUsage: 0,
    highestExternalUsage: null,
    burst: burst.limit,
    burstTokens: burst.limit,
    cutAtMs: null,
    roundStartMs: nowMs,
    blockedUntilMs: nowMs,
    probe: null,
    daily: daily ? newDay(daily.limit) : null,
    waiting: NOBODY_WAITS,
  };
}
