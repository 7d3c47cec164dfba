// This entry has the errors alone, for one `catch` over several entries. Everything else is at `/billing`, `/external-auth`,
// `/payments`, `/user-context` and `/workflows`, so that an app bundles only what it uses.

export { BillingRedirectError } from "./billing/errors.ts";
export {
  type AnswerCode,
  AnswerError,
  BodyTooLargeError,
  BodyUnreadableError,
  ConfigurationError,
  HandlerFailedError,
  MarketplaceError,
  type MarketplaceErrorCode,
  MethodNotAllowedError,
  NetworkError,
  SendError,
  TimeoutError,
} from "./errors.ts";
export { ExternalAuthRejectedError, ExternalAuthRequestError } from "./external-auth/errors.ts";
export {
  CheckoutUnavailableError,
  PaymentApiKeyError,
  PaymentQueryError,
  PaymentQueryUnsupportedError,
  PaymentReplyError,
} from "./payments/errors.ts";
export { type UnavailableReason, UserContextError, UserContextUnavailableError } from "./user-context/errors.ts";
export {
  InboundWebhookUrlError,
  TriggerSubscriptionError,
  TriggerTargetUrlError,
  WorkflowActionError,
  WorkflowActionReplyError,
  WorkflowActionUnknownError,
  WorkflowAuthError,
  type WorkflowUrlFault,
  WorkflowWebhookError,
} from "./workflows/errors.ts";
