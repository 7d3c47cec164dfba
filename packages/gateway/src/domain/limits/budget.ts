import { presets, type RateLimits, type SlotLimiterConfig, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";

/**
 * Time for which a prefetched permit may be used, and its token with it. A client that waits for each answer makes its next few calls in
 * about this time. For the same time after an uninstall or a token change, calls may carry the old token; HighLevel answers them with 401.
 */
export const PREFETCH_MS = 1_000;
/**
 * Idle time before which Cloudflare never evicts an object from memory.
 * https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/, read 2026-11-29.
 */
const EVICTED_AFTER_MS = 10_000;
/** Calls that may wait in one object. 100 calls per 10 s serve them in 100 s, which is longer than any call may wait. */
const MAX_QUEUE = 1_000;

/**
 * Headers of a refusal that HighLevel's clients understand. The official SDK (3.1.0) treats it as the daily limit where
 * `X-RateLimit-Daily-Remaining` is 0, and otherwise waits one interval.
 * Names: https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30.
 */
export function spentHeaders({ burst, daily }: RateLimits, spent: "burst" | "daily"): Readonly<Record<string, string>> {
  const ofInterval = {
    "x-ratelimit-max": String(burst.limit),
    "x-ratelimit-remaining": "0",
    "x-ratelimit-interval-milliseconds": String(burst.intervalMs),
  };
  if (spent === "burst" || daily === undefined) return ofInterval;
  return { ...ofInterval, "x-ratelimit-limit-daily": String(daily.limit), "x-ratelimit-daily-remaining": "0" };
}

/** Returns the limits of an app: the standard ones if it is no longer configured. */
export const limitsOf = (app: { readonly limits: RateLimits } | undefined): RateLimits =>
  app?.limits ?? presets.standard;

/** Returns the budget of each resource of an app. Answers are reported only where `needsReport` says so. */
export function limiterConfig(app: { readonly limits: RateLimits } | undefined): SlotLimiterConfig {
  const { burst, daily } = limitsOf(app);
  return {
    burst,
    daily,
    reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
    unsettledPadMs: UNSETTLED_PAD_MS,
    prefetchMs: PREFETCH_MS,
    evictedAfterMs: EVICTED_AFTER_MS,
    maxQueue: MAX_QUEUE,
  };
}
