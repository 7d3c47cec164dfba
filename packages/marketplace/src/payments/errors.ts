import { MarketplaceError, ParameterError } from "../errors.ts";

/** The body is not a payment query of a known type with the required fields. */
export class PaymentQueryError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_QUERY" = "ERR_GHL_PAYMENT_QUERY";
}

/** The query has no `apiKey`, or an unknown one. Check the keys in the provider's configuration at HighLevel. */
export class PaymentApiKeyError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_API_KEY" = "ERR_GHL_PAYMENT_QUERY_API_KEY";
}

/** The type of the query is known, but the handler has no function for it. */
export class PaymentQueryUnsupportedError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED" = "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED";
}

/** The result of your function cannot be written as a reply. The message names the field. */
export class PaymentReplyError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_REPLY" = "ERR_GHL_PAYMENT_REPLY";
}

/**
 * The checkout page got no payment. It is not in a frame, HighLevel sent none in time, or `disconnect` was called. Open the page inside
 * HighLevel's checkout.
 */
export class CheckoutUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_CHECKOUT_UNAVAILABLE" = "ERR_GHL_CHECKOUT_UNAVAILABLE";
  readonly reason: "not-embedded" | "timeout" | "disconnected";

  constructor(reason: "not-embedded" | "timeout" | "disconnected") {
    super(`payment was not received from HighLevel: ${reason}`);
    this.reason = reason;
  }
}
