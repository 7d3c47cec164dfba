const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Delays between attempts. The first cover a restart, the last a night and the start of a weekend. This is the schedule that Standard
 * Webhooks recommends with a longer last step (standard-webhooks.md, "Retries", read 2026-11-24).
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  24 * HOUR_MS,
];
/** Deliveries that failed together must not be retried together. */
const JITTER = 0.2;
/** Limits the delay that an endpoint may request. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** Returns the time of the next attempt after `attempts` failed ones; undefined after the last. `random` is in [0, 1). */
export function nextAttemptAtMs(
  attempts: number,
  { retryAfterMs = 0, nowMs, random }: { retryAfterMs?: number | undefined; nowMs: number; random: number },
): number | undefined {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (delayMs === undefined) return undefined;
  const jittered = delayMs * (1 - JITTER + 2 * JITTER * random);
  return Math.round(nowMs + Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
