import { readRateLimit, readRetryAfterMs } from "./rate-limit-headers.ts";

/** How often and how long to try again. */
export interface RetryOptions {
  /** All attempts, the first included. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** The wait before attempt n is random between 0 and `baseDelayMs * 2 ** (n - 2)`. Default 500. */
  readonly baseDelayMs?: number | undefined;
  /** No wait is longer. Where HighLevel asks for more than this, the call fails instead. Default 20,000. */
  readonly maxDelayMs?: number | undefined;
}

export const DEFAULT_RETRY: Required<{ [K in keyof RetryOptions]: number }> = {
  maxAttempts: 3,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
};

/**
 * HighLevel counts calls in intervals of ten seconds, and names no `Retry-After`; the phase of the interval is
 * unpublished, so that only a whole one is surely enough.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
const BURST_INTERVAL_MS = 10_000;

/** What is known after an attempt failed. Without `headers` there was no answer, or only a part of one. */
export interface FailedAttempt {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly idempotent: boolean;
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
}

/**
 * Milliseconds to wait before the next attempt; `undefined`: there is none.
 *
 * A 429 was not executed, so that every method is sent again, unless the budget of the day is used up. An error of
 * the server or of the network tells nothing of what was done, so that only an idempotent call is sent again.
 * Waits carry full jitter, and a wait that the server dictates carries it on top.
 */
export function retryDelayMs(
  failed: FailedAttempt,
  policy: typeof DEFAULT_RETRY,
  nowMs: () => number,
  random: () => number,
): number | undefined {
  const { attempt, status, headers } = failed;
  if (attempt >= policy.maxAttempts) return undefined;
  const limit = status === 429 && headers ? readRateLimit(headers) : undefined;
  const repeatable = limit ? limit.scope !== "daily" : failed.idempotent && !(status !== undefined && status < 500);
  if (!repeatable) return undefined;
  const jitterMs = random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const dictatedMs = (headers && readRetryAfterMs(headers, nowMs)) ?? (limit && (limit.intervalMs ?? BURST_INTERVAL_MS));
  if (dictatedMs === undefined) return jitterMs;
  return dictatedMs > policy.maxDelayMs ? undefined : dictatedMs + jitterMs;
}
