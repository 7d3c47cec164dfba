import { describeValue } from "@ghl-edge/core";
import { AnswerError, ConfigurationError, SendError } from "../errors.ts";
import { demandNumber, TIME } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { type Answer, type OutgoingRequest, sendJson } from "./send.ts";

const BASE_DELAY_MS = 500;

/** When a request is sent again. HighLevel documents no idempotency key, so that a repetition may count twice. */
export interface RetryOptions {
  /** Attempts in all, the first among them; 1 or more. Default 4. */
  readonly maxAttempts?: number | undefined;
  /** The longest single wait, in milliseconds; a longer `Retry-After` ends it at once. Default 30,000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * Also repeat after an unknown outcome (a time-out, a broken connection, 5xx), where the first may have been carried out. After
   * 429 it is repeated in any case: that one was refused.
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
  // "false" would repeat what may have been carried out
  if (typeof policy.repeatUnknown !== "boolean") {
    throw new ConfigurationError(
      `retry.repeatUnknown must be true or false, got ${describeValue(policy.repeatUnknown)}`,
    );
  }
  return policy;
}

/** How long to wait before the next attempt; undefined: there is none. */
function delayMs(error: SendError, attempt: number, policy: RetryPolicy, random: () => number): number | undefined {
  const rateLimited = error.code === "ERR_GHL_MARKETPLACE_RATE_LIMITED";
  // A second request would be redirected as the first was.
  const isRedirect = error.code === "ERR_GHL_MARKETPLACE_REDIRECT";
  const repeats = rateLimited || (error.ambiguous && !isRedirect && policy.repeatUnknown);
  if (attempt >= policy.maxAttempts || !repeats) return undefined;
  const asked = error instanceof AnswerError ? error.retryAfterMs : undefined;
  if (asked !== undefined && asked > policy.maxDelayMs) return undefined;
  // Full jitter over the doubled half, so that several workers do not come back together.
  const backOff = BASE_DELAY_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
  return Math.min(policy.maxDelayMs, Math.max(asked ?? 0, backOff));
}

/**
 * Sends until accepted or the policy ends it.
 *
 * @throws {SendError} the last one; but where an earlier attempt may have been carried out, that one: its outcome is the open question.
 */
export async function sendRepeatedly(runtime: Runtime, request: OutgoingRequest, policy: RetryPolicy): Promise<Answer> {
  let unknown: SendError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendJson(runtime, request);
    } catch (error) {
      if (!(error instanceof SendError)) throw unknown ?? error;
      if (error.ambiguous) unknown = error;
      const waitMs = delayMs(error, attempt, policy, runtime.random);
      if (waitMs === undefined) throw unknown ?? error;
      try {
        await runtime.sleep(waitMs, request.signal);
      } catch {
        throw unknown ?? error;
      }
    }
  }
}
