const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * From one attempt to the next: soon for a restart, then for the length of a night and of a weekend's beginning. The
 * schedule that Standard Webhooks recommends, its last step longer (standard-webhooks.md, "Retries", read 2026-11-24).
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
/** What failed together must not come back together. */
const JITTER = 0.2;
/** A receiver may ask for time, not for ever. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** When to try again after `attempts` that failed; undefined: no more. `random` is in [0, 1). */
export function nextAttemptAtMs(
  attempts: number,
  { retryAfterMs = 0, nowMs, random }: { retryAfterMs?: number | undefined; nowMs: number; random: number },
): number | undefined {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (delayMs === undefined) return undefined;
  const jittered = delayMs * (1 - JITTER + 2 * JITTER * random);
  return Math.round(nowMs + Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
