import { checkConfig, demandNumber } from "../check-config.ts";
import { newDay } from "./rules/daily.ts";
import { NO_WAITING_CALLS } from "./rules/waiting.ts";
import type { SlotLimiterConfig, SlotLimiterState } from "./state.ts";

/**
 * Creates the state of a budget that has seen no call.
 *
 * @param config - Limits and settings of the budget
 * @param nowMs - Current time in ms. Any clock will do, as long as later events use the same one.
 * @returns The first state, for `step`
 * @throws {RateLimitConfigurationError} when an option is invalid (`ERR_GHL_RATE_LIMIT_CONFIGURATION`).
 * @example
 * ```ts
 * import { createSlotLimiter, presets, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";
 *
 * const state = createSlotLimiter(
 *   {
 *     ...presets.standard,
 *     reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
 *     unsettledPadMs: UNSETTLED_PAD_MS,
 *     maxQueue: 1_000,
 *   },
 *   Date.now(),
 * );
 * console.log(state.limit); // 100
 * ```
 */
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
    waiting: NO_WAITING_CALLS,
  };
}
