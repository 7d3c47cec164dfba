import { readRateLimitHeaders } from "@ghl-edge/core";

/**
 * Rate limits that the answer reported. A member is absent if its header was.
 *
 * @see https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export interface RateLimitInfo {
  /** Limit that refused the call: `daily` if nothing is left of the day. Only a 429 has it. */
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

/** Reads the `X-RateLimit-*` headers of a response. */
export function readRateLimit({ status, headers }: Pick<Response, "status" | "headers">): RateLimitInfo {
  const limits = readRateLimitHeaders(headers);
  return { scope: status === 429 ? (limits.dailyRemaining === 0 ? "daily" : "burst") : undefined, ...limits };
}
