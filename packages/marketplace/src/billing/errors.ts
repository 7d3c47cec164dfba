import { ParameterError } from "../errors.ts";

/** The URL is not a billing redirect of this app. Open the page from HighLevel's marketplace, and check the client id. */
export class BillingRedirectError extends ParameterError {
  readonly code: "ERR_GHL_BILLING_REDIRECT" = "ERR_GHL_BILLING_REDIRECT";
}
