import { readRateLimitHeaders, readRetryAfterMs } from "@ghl-edge/core";

/** Retry policy of a call. */
export interface RetryOptions {
  /** Upper bound of attempts, the first included. Default: 3, or 8 after a 429, which HighLevel did not execute. */
  readonly maxAttempts?: number | undefined;
  /**
   * Base of the random wait, in milliseconds. The wait before attempt n is random between 0 and `baseDelayMs * 2 ** (n - 2)`. After a
   * 429, or an answer with `Retry-After`, the client waits the required time first: `Retry-After`, or the burst interval (10 seconds
   * unless a header says otherwise). Default: 500.
   */
  readonly baseDelayMs?: number | undefined;
  /** Upper bound of a wait, in milliseconds. If HighLevel requires a longer one, the call fails instead. Default: 20,000. */
  readonly maxDelayMs?: number | undefined;
}

/**
 * HighLevel counts calls in intervals of ten seconds, and names no `Retry-After`; the phase of the interval is
 * unpublished, so that only a whole one is surely enough.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
const BURST_INTERVAL_MS = 10_000;

const MAX_ATTEMPTS = 3;
/**
 * Several processes that know nothing of each other may share one budget: each interval serves a part of their calls, and
 * refuses the others again. Eight processes that send a whole limit each at once need eight intervals.
 */
const MAX_ATTEMPTS_AT_LIMIT = 8;

/** Settings that decide about another attempt. */
export interface RetrySettings {
  readonly now: () => number;
  /** Returns numbers from 0 to 1. */
  readonly random: () => number;
  readonly retry: RetryOptions | false | undefined;
  /** Whether repeating the call does no harm. */
  readonly idempotent: boolean | undefined;
}

/**
 * Returns how many milliseconds to wait before the next attempt, or `undefined` when there is none.
 *
 * @param attempt - Number of the attempt that failed, from 1
 * @param response - Absent when no response came, or only a part of one
 *
 * HighLevel did not execute a call that it answered with 429. Every method is therefore sent again, unless the daily
 * budget is used up. After a server error or a network error nobody knows what was executed, so that only an idempotent
 * call is sent again. Waits carry full jitter, and a wait that the server dictates carries it on top.
 */
export function retryDelayMs(
  attempt: number,
  response: Pick<Response, "status" | "headers"> | undefined,
  { idempotent, now, random, retry }: RetrySettings,
): number | undefined {
  const atLimit = response?.status === 429;
  const {
    maxAttempts = atLimit ? MAX_ATTEMPTS_AT_LIMIT : MAX_ATTEMPTS,
    baseDelayMs = 500,
    maxDelayMs = 20_000,
  } = retry || {};
  if (retry === false || attempt >= maxAttempts) return undefined;
  let leastMs = response && readRetryAfterMs(response.headers, now());
  if (atLimit) {
    const { dailyRemaining, intervalMs = BURST_INTERVAL_MS } = readRateLimitHeaders(response.headers);
    if (dailyRemaining === 0) return undefined;
    leastMs ??= intervalMs;
  } else if (!idempotent || (response?.status ?? 500) < 500) return undefined;
  leastMs ??= 0;
  if (leastMs > maxDelayMs) return undefined;
  // The jitter is cut, not the sum: calls that were refused together must not come back together.
  return leastMs + random() * Math.min(maxDelayMs - leastMs, baseDelayMs * 2 ** (attempt - 1));
}
