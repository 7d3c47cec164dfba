import { describeValue, type Runtime } from "@ghl-edge/core";
import { AnswerError, ConfigurationError, SendError } from "../errors.ts";
import { demandNumber, TIME } from "../options.ts";
import { type Answer, type OutgoingRequest, sendJson } from "./send.ts";

const BASE_DELAY_MS = 500;

/** Retries of a request. HighLevel documents no idempotency key, so a retry may count twice. */
export interface RetryOptions {
  /** Number of attempts, including the first; 1 or more. Default: 4. */
  readonly maxAttempts?: number | undefined;
  /** Longest pause in milliseconds. A longer `Retry-After` ends the retries at once. Default: 30,000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * Whether to retry after an unknown outcome (a time-out, a broken connection, 5xx), when HighLevel may have executed the request. A 429
   * is always retried, because HighLevel refused the request.
   */
  readonly repeatUnknown?: boolean | undefined;
}

export type RetryPolicy = { readonly [K in keyof RetryOptions]-?: NonNullable<RetryOptions[K]> };

export function retryPolicy(options: RetryOptions = {}, repeatUnknown = false): RetryPolicy {
  const policy = {
    maxAttempts: options.maxAttempts ?? 4,
    maxDelayMs: options.maxDelayMs ?? 30_000,
    repeatUnknown: options.repeatUnknown ?? repeatUnknown,
  };
  demandNumber("retry.maxAttempts", policy.maxAttempts, { min: 1, integer: true });
  demandNumber("retry.maxDelayMs", policy.maxDelayMs, { ...TIME, exclusiveMin: false });
  // The string "false" would retry requests that HighLevel may have executed.
  if (typeof policy.repeatUnknown !== "boolean") {
    throw new ConfigurationError(
      `retry.repeatUnknown must be true or false, got ${describeValue(policy.repeatUnknown)}`,
    );
  }
  return policy;
}

/** Returns the pause before the next attempt in ms; undefined when there is none. */
function delayMs(
  error: SendError,
  attempt: number,
  { policy, random }: { readonly policy: RetryPolicy; readonly random: () => number },
): number | undefined {
  const rateLimited = error.code === "ERR_GHL_MARKETPLACE_RATE_LIMITED";
  // A retry would be redirected again.
  const isRedirect = error.code === "ERR_GHL_MARKETPLACE_REDIRECT";
  const repeats = rateLimited || (error.ambiguous && !isRedirect && policy.repeatUnknown);
  if (attempt >= policy.maxAttempts || !repeats) return undefined;
  const retryAfterMs = error instanceof AnswerError ? error.retryAfterMs : undefined;
  if (retryAfterMs !== undefined && retryAfterMs > policy.maxDelayMs) return undefined;
  // Jitter over the upper half, so that several workers do not retry together.
  const backOff = BASE_DELAY_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
  return Math.min(policy.maxDelayMs, Math.max(retryAfterMs ?? 0, backOff));
}

/**
 * Sends until HighLevel accepts the request or the policy ends the retries.
 *
 * @throws {SendError} of the last attempt. If HighLevel may have executed an earlier one, the error of that one, because its outcome is open
 */
export async function sendWithRetries(
  runtime: Runtime,
  request: OutgoingRequest,
  policy: RetryPolicy,
): Promise<Answer> {
  let unknown: SendError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendJson(runtime, request);
    } catch (error) {
      if (!(error instanceof SendError)) throw unknown ?? error;
      if (error.ambiguous) unknown = error;
      const waitMs = delayMs(error, attempt, { policy, random: runtime.random });
      if (waitMs === undefined) throw unknown ?? error;
      try {
        await runtime.sleep(waitMs, request.signal);
      } catch {
        throw unknown ?? error;
      }
    }
  }
}
