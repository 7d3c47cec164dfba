import { MarketplaceError } from "../errors.ts";

/**
 * The payload is not a user context encrypted with this shared secret. There is one error for every reason and no `cause`: the failed
 * step would help an attacker. Check the shared secret, and that the payload arrives unchanged.
 */
export class UserContextError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_INVALID" = "ERR_GHL_USER_CONTEXT_INVALID";

  constructor() {
    super("payload must be a user context of this app, got one that does not open");
  }
}

/** Reason for a missing payload, in this order: not in a frame · no function for custom JS · no answer in time · a wrong answer. */
export type UnavailableReason = "not-embedded" | "no-function" | "timeout" | "no-payload";

/** The browser got no user context from HighLevel. Open the page inside HighLevel, as a custom page of the app. */
export class UserContextUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_UNAVAILABLE" = "ERR_GHL_USER_CONTEXT_UNAVAILABLE";
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(`user context was not received from HighLevel: ${reason}`);
    this.reason = reason;
  }
}
