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
   * @param option - Path of the option
   * @param message - What was expected, and what was given
   */
  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/**
 * A call got no permit, and nothing was sent. Base of `PermitDeadlineError`, `QueueFullError` and `DailyLimitError`.
 *
 * @example
 * ```ts
 * import { createRateLimiter, PermitRefusedError } from "@ghl-edge/rate-limit";
 *
 * const limiter = createRateLimiter({ maxWaitMs: 2_000 });
 *
 * export async function handle(send: () => Promise<Response>): Promise<Response> {
 *   try {
 *     const permit = await limiter.acquire();
 *     const response = await send();
 *     permit.release(response);
 *     return response;
 *   } catch (error) {
 *     if (!(error instanceof PermitRefusedError)) throw error;
 *     const retryAfter = String(Math.ceil(error.retryAfterMs / 1_000)); // seconds
 *     return new Response(null, { status: 429, headers: { "retry-after": retryAfter } });
 *   }
 * }
 * ```
 */
export abstract class PermitRefusedError extends RateLimitError {
  /**
   * Time in ms after which a new request gets its permit, unless other calls came first. The header `Retry-After` counts seconds:
   * `Math.ceil(retryAfterMs / 1_000)`.
   */
  readonly retryAfterMs: number;

  /**
   * @param message - Reason of the refusal
   * @param retryAfterMs - Time in ms after which a new request makes sense
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
 * const limiter = createRateLimiter({ limits: { burst: { limit: 1, intervalMs: 10_000 } } });
 * await limiter.acquire(); // the only call of this interval
 * await limiter.acquire({ maxWaitMs: 2_000 }).catch((error: unknown) => {
 *   if (error instanceof PermitDeadlineError) console.log("retry in", error.retryAfterMs, "ms");
 * });
 * ```
 */
export class PermitDeadlineError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DEADLINE";

  /** @param retryAfterMs - Time in ms after which a new request makes sense */
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
 * const limiter = createRateLimiter({ limits: { burst: { limit: 1, intervalMs: 10_000 } }, maxQueue: 0 });
 * await limiter.acquire(); // the only call of this interval
 * await limiter.acquire().catch((error: unknown) => {
 *   if (error instanceof QueueFullError) console.log("retry in", error.retryAfterMs, "ms");
 * });
 * ```
 */
export class QueueFullError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_QUEUE_FULL";

  /** @param retryAfterMs - Time in ms after which a new request makes sense */
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
 * const limits = { burst: { limit: 100, intervalMs: 10_000 }, daily: { limit: 1 } };
 * const limiter = createRateLimiter({ limits });
 * await limiter.acquire({ priority: "interactive" }); // the only call of this day
 * await limiter.acquire({ priority: "interactive" }).catch((error: unknown) => {
 *   if (error instanceof DailyLimitError) console.log("continue in", error.retryAfterMs, "ms");
 * });
 * ```
 */
export class DailyLimitError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DAILY";

  /** @param retryAfterMs - Time in ms after which a new request makes sense */
  constructor(retryAfterMs: number) {
    super("the daily limit is used up for calls of this priority", retryAfterMs);
  }
}
