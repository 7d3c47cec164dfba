import { MAX_RETRY_AFTER_MS } from "./constants.ts";

/** What an answer told of the limits. A member is absent where the header was. */
export interface Feedback {
  /** HTTP status. */
  readonly status: number;
  /** Calls per interval. */
  readonly limit?: number | undefined;
  /** Calls left in the interval. */
  readonly remaining?: number | undefined;
  readonly intervalMs?: number | undefined;
  readonly dailyLimit?: number | undefined;
  readonly dailyRemaining?: number | undefined;
  /** Time until the day's budget is full again. */
  readonly dailyResetMs?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
}

/** `Retry-After` as time from now, in both forms of RFC 9110 section 10.2.3; `undefined` when it is neither. */
function readRetryAfterMs(value: string | null, wallClockMs: number): number | undefined {
  if (!value) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - wallClockMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : undefined;
}

/**
 * Reads the limits from the head of an answer. `wallClockMs` (epoch) is needed for a `Retry-After` that is a date.
 * Header names: https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30.
 * `X-RateLimit-Daily-Reset` is not on that page: seen live since 2026-08, in milliseconds.
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
