import { MarketplaceError, ParameterError } from "../errors.ts";

/**
 * The request is not an external authentication, or contradicts itself. Check the form of the app in HighLevel's portal. A wrong
 * credential is an ExternalAuthRejectedError.
 */
export class ExternalAuthRequestError extends ParameterError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REQUEST" = "ERR_GHL_EXTERNAL_AUTH_REQUEST";
}

/** Your `verify` did not return true. The person must enter other credentials. */
export class ExternalAuthRejectedError extends MarketplaceError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REJECTED" = "ERR_GHL_EXTERNAL_AUTH_REJECTED";
}
