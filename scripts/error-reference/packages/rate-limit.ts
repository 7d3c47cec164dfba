import type { ErrorEntries } from "../entry.ts";

export const RATE_LIMIT_ERRORS: ErrorEntries = {
  ERR_GHL_RATE_LIMIT_CONFIGURATION: {
    cause: "An option is invalid; `option` names it.",
    remedy: "The message says what the option must be.",
  },
  ERR_GHL_RATE_LIMIT_DEADLINE: {
    cause: "The burst limit leaves no room before the call's deadline. Nothing was sent.",
    remedy: "Try again after `retryAfterMs`, or allow a longer `maxWaitMs`.",
  },
  ERR_GHL_RATE_LIMIT_QUEUE_FULL: {
    cause: "`maxQueue` calls of the location or company are waiting already. Nothing was sent.",
    remedy: "Send less at once, or raise `maxQueue`.",
  },
  ERR_GHL_RATE_LIMIT_DAILY: {
    cause: "The day's limit is used up, or what is left is reserved for more urgent calls. Nothing was sent.",
    remedy: "Try again after `retryAfterMs`, which may be hours.",
  },
};
