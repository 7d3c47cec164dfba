import type { Feedback } from "@ghl-edge/rate-limit";

/** Sent again at most so often after a 429; each time the deadline of the call must allow it, too. */
const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 1_000;

/**
 * When to send a refused call again; undefined: never. HighLevel has not executed a call that it answers with 429, so
 * that every method may be repeated. A day's budget that is used up stays so for longer than any call waits.
 */
export function retryDelayMs(feedback: Feedback, retries: number): number | undefined {
  if (feedback.status !== 429 || retries >= MAX_RETRIES) return undefined;
  if (feedback.dailyRemaining !== undefined && feedback.dailyRemaining <= 0) return undefined;
  return feedback.retryAfterMs ?? FIRST_DELAY_MS * 2 ** retries;
}
