import { classifyAnswer } from "@ghl-edge/oauth";
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

/**
 * Whether a 401 means that the token itself is no longer good. HighLevel answers 401 for a missing scope, a wrong kind of
 * token and a bad `Version` too, where a refresh would spend a refresh token for nothing; only its words tell these apart,
 * and words that nobody knows cost no refresh.
 */
export function meansTokenRejected(status: number, text: string): boolean {
  if (status !== 401 || !/token|jwt/i.test(text)) return false;
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy's page: its words are looked at as they are.
  }
  return classifyAnswer({ status, body })?.kind === "expired" && /invalid|expired|revoked/i.test(text);
}
