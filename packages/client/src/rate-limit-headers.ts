/**
 * What the answer said of the rate limit. A member is absent where the header was.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export interface RateLimitInfo {
  /** Which limit refused the call: `daily` when nothing is left of the day. Only a 429 has it. */
  readonly scope?: "burst" | "daily" | undefined;
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

/** Reads the `X-RateLimit-*` headers of an answer. */
export function readRateLimit({ status, headers }: Pick<Response, "status" | "headers">): RateLimitInfo {
  const read = (name: string): number | undefined => {
    const value = Number.parseFloat(headers.get(`x-ratelimit-${name}`)!);
    return Number.isFinite(value) ? value : undefined;
  };
  const dailyRemaining = read("daily-remaining");
  return {
    scope: status === 429 ? (dailyRemaining! <= 0 ? "daily" : "burst") : undefined,
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
  const value = headers.get("retry-after") || "-";
  const ms = Number.isFinite(+value) ? +value * 1000 : Date.parse(value) - nowMs();
  return ms > 0 ? ms : ms <= 0 ? 0 : undefined;
}
