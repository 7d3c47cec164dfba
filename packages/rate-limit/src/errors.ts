/** Every code that an error of this package can have. A changed code is a breaking change. */
export type RateLimitErrorCode =
  | "ERR_GHL_RATE_LIMIT_CONFIGURATION"
  | "ERR_GHL_RATE_LIMIT_DEADLINE"
  | "ERR_GHL_RATE_LIMIT_QUEUE_FULL"
  | "ERR_GHL_RATE_LIMIT_DAILY";

/**
 * Base of all errors of this package. A call that its signal aborts rejects with the signal's reason instead.
 *
 * @example
 * ```ts
 * import { RateLimitError } from "@ghl-edge/rate-limit";
 *
 * const codeOf = (error: unknown): string | undefined => (error instanceof RateLimitError ? error.code : undefined);
 * console.log(codeOf(new Error("other"))); // undefined
 * ```
 */
export abstract class RateLimitError extends Error {
  abstract readonly code: RateLimitErrorCode;

  override get name(): string {
    return "RateLimitError";
  }
}

/**
 * An option is invalid. Correct the option that `option` names.
 *
 * @example
 * ```ts
 * import { createRateLimiter, RateLimitConfigurationError } from "@ghl-edge/rate-limit";
 *
 * try {
 *   createRateLimiter({ maxQueue: -1 });
 * } catch (error) {
 *   if (error instanceof RateLimitConfigurationError) console.log(error.option); // "maxQueue"
 * }
 * ```
 */
export class RateLimitConfigurationError extends RateLimitError {
  override readonly code = "ERR_GHL_RATE_LIMIT_CONFIGURATION";
  /** Path of the option, for example `limits.burst.limit`. */
  readonly option: string;

  /**
   * @param option Path of the option.
   * @param message What was expected, and what was given.
   */
  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/**
 * A call got no permit, and nothing was sent. Base of the three errors below.
 *
 * @example
 * ```ts
 * import { createRateLimiter, PermitRefusedError } from "@ghl-edge/rate-limit";
 *
 * try {
 *   await createRateLimiter().acquire({ maxWaitMs: 0 });
 * } catch (error) {
 *   if (error instanceof PermitRefusedError) console.log(Math.ceil(error.retryAfterMs / 1_000), "s");
 * }
 * ```
 */
export abstract class PermitRefusedError extends RateLimitError {
  /** Time in ms after which a new request gets its permit, unless other calls came first. Suits `Retry-After`. */
  readonly retryAfterMs: number;

  /**
   * @param message Reason of the refusal.
   * @param retryAfterMs Time in ms after which a new request makes sense.
   */
  constructor(message: string, retryAfterMs: number) {
    super(`${message}; retry in ${Math.ceil(retryAfterMs / 1_000)} s`);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The burst limit leaves no room before the call's deadline (`maxWaitMs`). The error comes at once where that is clear from the start, else
 * at the deadline. Raise `maxWaitMs`, or repeat the call after `retryAfterMs`.
 *
 * @example
 * ```ts
 * import { createRateLimiter, PermitDeadlineError } from "@ghl-edge/rate-limit";
 *
 * await createRateLimiter()
 *   .acquire({ maxWaitMs: 2_000 })
 *   .catch((error: unknown) => {
 *     if (!(error instanceof PermitDeadlineError)) throw error;
 *     console.log(error.retryAfterMs);
 *   });
 * ```
 */
export class PermitDeadlineError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DEADLINE";

  /** @param retryAfterMs Time in ms after which a new request makes sense. */
  constructor(retryAfterMs: number) {
    super("the burst limit leaves no room before the deadline", retryAfterMs);
  }
}

/**
 * `maxQueue` calls of this resource wait already. Repeat the call after `retryAfterMs`, or raise `maxQueue`.
 *
 * @example
 * ```ts
 * import { createRateLimiter, QueueFullError } from "@ghl-edge/rate-limit";
 *
 * await createRateLimiter({ maxQueue: 100 })
 *   .acquire()
 *   .catch((error: unknown) => {
 *     if (!(error instanceof QueueFullError)) throw error;
 *     console.log(error.retryAfterMs);
 *   });
 * ```
 */
export class QueueFullError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_QUEUE_FULL";

  /** @param retryAfterMs Time in ms after which a new request makes sense. */
  constructor(retryAfterMs: number) {
    super("the queue of the resource is full", retryAfterMs);
  }
}

/**
 * The daily limit is used up, or the rest is reserved for more urgent calls. The same error follows when HighLevel requests a pause of more
 * than a minute, which only a used-up day explains. It comes at once, also to calls that wait already, because nobody waits for another day.
 *
 * @example
 * ```ts
 * import { createRateLimiter, DailyLimitError } from "@ghl-edge/rate-limit";
 *
 * await createRateLimiter()
 *   .acquire({ priority: "bulk" })
 *   .catch((error: unknown) => {
 *     if (!(error instanceof DailyLimitError)) throw error;
 *     console.log("continue in", error.retryAfterMs, "ms");
 *   });
 * ```
 */
export class DailyLimitError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DAILY";

  /** @param retryAfterMs Time in ms after which a new request makes sense. */
  constructor(retryAfterMs: number) {
    super("the daily limit is used up for calls of this priority", retryAfterMs);
  }
}
