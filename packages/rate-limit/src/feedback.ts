import { readRateLimitHeaders, readRetryAfterMs } from "@ghl-edge/core";
import { MAX_RETRY_AFTER_MS } from "./constants.ts";

/** Limits that an answer of HighLevel reported. A member is `undefined` if its header was absent or invalid. */
export interface Feedback {
  /** HTTP status. */
  readonly status: number;
  /** Calls per interval. */
  readonly limit?: number | undefined;
  /** Calls left in the interval. */
  readonly remaining?: number | undefined;
  /** Length of the interval in ms. */
  readonly intervalMs?: number | undefined;
  /** Calls per day. */
  readonly dailyLimit?: number | undefined;
  /** Calls left today. */
  readonly dailyRemaining?: number | undefined;
  /** Time in ms until the next day starts. */
  readonly dailyResetMs?: number | undefined;
  /** Pause in ms that the answer requested, at most 24 hours. */
  readonly retryAfterMs?: number | undefined;
}

/** Head of an answer. A `Response` is one. */
export interface AnswerHead {
  /** HTTP status. */
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
}

/**
 * Reads the limits from the head of an answer. A `Retry-After` of more than 24 hours is cut to 24 hours.
 *
 * @param answer - Status and headers
 * @param wallClockMs - Current time in ms since the epoch, for a `Retry-After` that is a date
 * @returns The limits, for a `settle` event
 * @see https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30, for the names of the headers.
 *   `X-RateLimit-Daily-Reset` is not on that page. It was seen live since 2026-08, in milliseconds.
 * @example
 * ```ts
 * import { readFeedback } from "@ghl-edge/rate-limit";
 *
 * const response = new Response("{}", { headers: { "x-ratelimit-max": "100", "x-ratelimit-remaining": "97" } });
 * console.log(readFeedback(response, Date.now()).remaining); // 97
 * ```
 */
export function readFeedback(answer: AnswerHead, wallClockMs: number): Feedback {
  const { burstLimit, burstRemaining, ...limits } = readRateLimitHeaders(answer.headers);
  const retryAfterMs = readRetryAfterMs(answer.headers, wallClockMs);
  return {
    status: answer.status,
    limit: burstLimit,
    remaining: burstRemaining,
    ...limits,
    retryAfterMs: retryAfterMs && Math.min(retryAfterMs, MAX_RETRY_AFTER_MS),
  };
}
