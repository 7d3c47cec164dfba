/** Every code an error of this package can have. Stable: a change of one is a breaking change. */
export type RateLimitErrorCode =
  | "ERR_GHL_RATE_LIMIT_CONFIGURATION"
  | "ERR_GHL_RATE_LIMIT_DEADLINE"
  | "ERR_GHL_RATE_LIMIT_QUEUE_FULL"
  | "ERR_GHL_RATE_LIMIT_DAILY";

/** Base of all errors of this package. What rejects because a signal was aborted is the signal's reason instead. */
export abstract class RateLimitError extends Error {
  abstract readonly code: RateLimitErrorCode;

  override get name(): string {
    return "RateLimitError";
  }
}

/** An option cannot be right; `option` names it. */
export class RateLimitConfigurationError extends RateLimitError {
  override readonly code = "ERR_GHL_RATE_LIMIT_CONFIGURATION";
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** A call was not let through; nothing was sent. Base of the three below. */
export abstract class PermitRefusedError extends RateLimitError {
  /** Asked again after this time, the call gets its permit, unless others came first. Suits `Retry-After`. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(`${message}; try again in ${Math.ceil(retryAfterMs / 1_000)} s`);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The burst limit leaves no room before the call's deadline (`maxWaitMs`). Comes at once where that is clear from the start, else at the
 * deadline.
 */
export class PermitDeadlineError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DEADLINE";

  constructor(retryAfterMs: number) {
    super("no room under the burst limit before the deadline", retryAfterMs);
  }
}

/** `maxQueue` calls wait already. Of the resource, not of the key. */
export class QueueFullError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_QUEUE_FULL";

  constructor(retryAfterMs: number) {
    super("too many calls wait already", retryAfterMs);
  }
}

/**
 * The day's budget is used up, or what is left of it is reserved for more urgent calls; or HighLevel asked for a pause of more than a
 * minute, which only a used-up day explains. Comes at once, also to calls that wait already: a day is not waited for.
 */
export class DailyLimitError extends PermitRefusedError {
  override readonly code = "ERR_GHL_RATE_LIMIT_DAILY";

  constructor(retryAfterMs: number) {
    super("the budget of the day is used up for calls of this priority", retryAfterMs);
  }
}
