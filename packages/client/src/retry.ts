import { readRateLimit, readRetryAfterMs } from "./rate-limit-headers.ts";

/** How often and how long to try again. */
export interface RetryOptions {
  /** All attempts, the first included. Default 3; where HighLevel answers 429, which executes nothing, 8. */
  readonly maxAttempts?: number | undefined;
  /** The wait before attempt n is random between 0 and `baseDelayMs * 2 ** (n - 2)`. Default 500. */
  readonly baseDelayMs?: number | undefined;
  /** No wait is longer. Where HighLevel asks for more than this, the call fails instead. Default 20,000. */
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

/**
 * Milliseconds to wait before the next attempt; `undefined`: there is none. `attempt` is the number of the one that
 * failed, from 1; without `response` there was no answer, or only a part of one.
 *
 * A 429 was not executed, so that every method is sent again, unless the budget of the day is used up. An error of
 * the server or of the network tells nothing of what was done, so that only an idempotent call is sent again.
 * Waits carry full jitter, and a wait that the server dictates carries it on top.
 */
export function retryDelayMs(
  attempt: number,
  idempotent: boolean,
  response: Pick<Response, "status" | "headers"> | undefined,
  retry: RetryOptions | false | undefined,
  nowMs: () => number,
  random: () => number,
): number | undefined {
  const atLimit = response?.status === 429;
  const {
    maxAttempts = atLimit ? MAX_ATTEMPTS_AT_LIMIT : MAX_ATTEMPTS,
    baseDelayMs = 500,
    maxDelayMs = 20_000,
  } = retry || {};
  if (retry === false || !(attempt < maxAttempts)) return undefined;
  let dictatedMs = response && readRetryAfterMs(response.headers, nowMs);
  if (atLimit) {
    const { scope, intervalMs = BURST_INTERVAL_MS } = readRateLimit(response);
    if (scope === "daily") return undefined;
    dictatedMs ??= intervalMs;
  } else if (!idempotent || (response?.status ?? 500) < 500) return undefined;
  dictatedMs ??= 0;
  if (dictatedMs > maxDelayMs) return undefined;
  // the jitter is cut, not the sum: calls that were refused together must not come back together
  return dictatedMs + random() * Math.min(maxDelayMs - dictatedMs, baseDelayMs * 2 ** (attempt - 1));
}
