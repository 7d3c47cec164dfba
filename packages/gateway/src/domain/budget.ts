import { presets, type RateLimits, type SlotLimiterConfig, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";

/**
 * No start is promised ahead: what is promised is sent although HighLevel has begun to refuse. A second of it, which spares the object
 * nothing while others wait, had up to 4.9 % of a two-cell window refused, and 6.6 % beside others (docs/design/rate-limit.md).
 */
const LOOKAHEAD_MS = 0;
/**
 * So long may a spare permit be used, and its token with it: about as long as a client that waits for each answer takes for
 * its next few calls. After an uninstall or a new token calls go on with the old one for so long, and learn of it from HighLevel's 401.
 */
export const PREFETCH_MS = 1_000;
/**
 * Cloudflare puts an object to sleep, and forgets its memory, no sooner than this long after it has last been asked.
 * https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/, read 2026-11-29.
 */
const EVICTED_AFTER_MS = 10_000;
/** Calls that wait in one object: what 100 per 10 s serves in a minute and a half, longer than any call may wait. */
const MAX_QUEUE = 1_000;

/**
 * What HighLevel's clients read of a 429, in HighLevel's words: its official SDK (3.1.0) takes it for the day's where
 * `X-RateLimit-Daily-Remaining` is 0, and else waits one interval.
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

/** HighLevel's limits of an app; its standard ones for an app that is not configured any more. */
export const limitsOf = (app: { readonly limits: RateLimits } | undefined): RateLimits =>
  app?.limits ?? presets.standard;

/** The budget of each resource under an app. Answers are reported only where `needsReport` says so. */
export function limiterConfig(app: { readonly limits: RateLimits } | undefined): SlotLimiterConfig {
  const { burst, daily } = limitsOf(app);
  return {
    burst,
    daily,
    reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
    unsettledPadMs: UNSETTLED_PAD_MS,
    lookaheadMs: LOOKAHEAD_MS,
    prefetchMs: PREFETCH_MS,
    evictedAfterMs: EVICTED_AFTER_MS,
    maxQueue: MAX_QUEUE,
  };
}
