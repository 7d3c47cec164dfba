/** Rate limits of HighLevel as one response states them. A member is `undefined` where its header is absent or malformed. */
export interface RateLimitHeaders {
  /** Calls per interval. */
  readonly burstLimit: number | undefined;
  /** Calls left in this interval. */
  readonly burstRemaining: number | undefined;
  /** Length of an interval, in milliseconds. */
  readonly intervalMs: number | undefined;
  /** Calls per day. */
  readonly dailyLimit: number | undefined;
  /** Calls left today. */
  readonly dailyRemaining: number | undefined;
  /** Milliseconds until the daily budget is full again. */
  readonly dailyResetMs: number | undefined;
}

/**
 * Reads the `X-RateLimit-*` headers of a response of HighLevel. A value that is not a number of 0 or above counts as absent.
 *
 * `X-RateLimit-Daily-Reset` is not on HighLevel's page: it has been observed since 2026-08, in milliseconds.
 *
 * @param headers - Headers of the response
 * @returns The limits
 * @see https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export function readRateLimitHeaders(headers: Pick<Headers, "get">): RateLimitHeaders {
  const read = (name: string): number | undefined => {
    const value = Number(headers.get(`x-ratelimit-${name}`) || "-");
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  return {
    burstLimit: read("max"),
    burstRemaining: read("remaining"),
    intervalMs: read("interval-milliseconds"),
    dailyLimit: read("limit-daily"),
    dailyRemaining: read("daily-remaining"),
    dailyResetMs: read("daily-reset"),
  };
}
