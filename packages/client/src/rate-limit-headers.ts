/**
 * What the answer said of the rate limit. A member is absent where the header was.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export interface RateLimitInfo {
  /** Which limit is used up, were the next call refused: `daily` when nothing is left of the day. */
  readonly scope: "burst" | "daily";
  /** Calls per interval. */
  readonly burstLimit?: number | undefined;
  /** Calls left in this interval. */
  readonly burstRemaining?: number | undefined;
  /** Length of an interval. */
  readonly intervalMs?: number | undefined;
  /** Calls per day. */
  readonly dailyLimit?: number | undefined;
  /** Calls left today. */
  readonly dailyRemaining?: number | undefined;
  /** Time until the day's budget is full again. */
  readonly dailyResetMs?: number | undefined;
}

/** Reads the `X-RateLimit-*` headers. */
export function readRateLimit(headers: Headers): RateLimitInfo {
  const read = (name: string): number | undefined => {
    const value = Number.parseFloat(headers.get(`x-ratelimit-${name}`)!);
    return Number.isNaN(value) ? undefined : value;
  };
  const dailyRemaining = read("daily-remaining");
  return {
    scope: dailyRemaining! <= 0 ? "daily" : "burst",
    burstLimit: read("max"),
    burstRemaining: read("remaining"),
    intervalMs: read("interval-milliseconds"),
    dailyLimit: read("limit-daily"),
    dailyRemaining,
    dailyResetMs: read("daily-reset"),
  };
}

/**
 * `Retry-After` as milliseconds from now, in both forms of RFC 9110 section 10.2.3. What lies in the past means now;
 * what is neither form is `undefined`.
 */
export function readRetryAfterMs(headers: Headers, nowMs: () => number): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const ms = Number.isNaN(+value) ? Date.parse(value) - nowMs() : +value * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
