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

/** Reads `Retry-After` as a time from now, in both forms of RFC 9110 section 10.2.3. `undefined`: it is neither. */
function readRetryAfterMs(value: string | null, wallClockMs: number): number | undefined {
  if (!value) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - wallClockMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : undefined;
}

/**
 * Reads the limits from the head of an answer.
 *
 * @param answer Status and headers.
 * @param wallClockMs Current time in ms since the epoch, for a `Retry-After` that is a date.
 * @returns The limits, for a `settle` event.
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
  const read = (name: string): number | undefined => {
    const value = answer.headers.get(`x-ratelimit-${name}`);
    const number = value === null || value.trim() === "" ? Number.NaN : Number(value);
    return Number.isFinite(number) && number >= 0 ? number : undefined;
  };
  return {
    status: answer.status,
    limit: read("max"),
    remaining: read("remaining"),
    intervalMs: read("interval-milliseconds"),
    dailyLimit: read("limit-daily"),
    dailyRemaining: read("daily-remaining"),
    dailyResetMs: read("daily-reset"),
    retryAfterMs: readRetryAfterMs(answer.headers.get("retry-after"), wallClockMs),
  };
}
