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
export type { FrameMessage, FrameWindow, ParentOptions } from "./frame.ts";
export type { OnError, ReportOptions } from "./http/handler.ts";
export type { RetryOptions } from "./http/retry.ts";
export type { SendOptions } from "./http/send.ts";
export { hashApiKey } from "./payments/api-key.ts";
export { type Checkout, type CheckoutOptions, connectCheckout } from "./payments/checkout.ts";
export {
  type CheckoutContact,
  type CheckoutProps,
  encodeProviderMessage,
  type MessageEncoding,
  type PaymentInitiateProps,
  type ProviderMessage,
  parseCheckoutMessage,
  parseProviderMessage,
  type SetupInitiateProps,
} from "./payments/checkout-messages.ts";
export {
  CheckoutUnavailableError,
  PaymentApiKeyError,
  PaymentQueryError,
  PaymentQueryUnsupportedError,
  PaymentReplyError,
} from "./payments/errors.ts";
export type { PaymentEvent, PaymentEventTenant } from "./payments/event.ts";
export {
  createPaymentEventSender,
  type PaymentEventSender,
  type PaymentEventSenderOptions,
} from "./payments/event-sender.ts";
export type {
  CancelSubscriptionOutcome,
  ChargeOutcome,
  CreateSubscriptionOutcome,
  Failure,
  PaymentMethod,
  PaymentOutcomes,
  RefundOutcome,
  VerifyOutcome,
} from "./payments/outcome.ts";
export { parsePaymentQuery } from "./payments/parse-query.ts";
export {
  type CallOptions,
  type Capabilities,
  type ConnectKeys,
  createPaymentProviderClient,
  type PaymentProviderClient,
  type PaymentProviderClientOptions,
  type ProviderConfig,
  type ProviderDetails,
  type ProviderKeys,
} from "./payments/provider.ts";
export type {
  CancelSubscriptionQuery,
  ChargePaymentQuery,
  CreateSubscriptionQuery,
  ListPaymentMethodsQuery,
  PaymentQueries,
  PaymentQuery,
  PaymentQueryType,
  RefundQuery,
  VerifyQuery,
} from "./payments/query.ts";
export {
  createPaymentQueryHandler,
  type MerchantLookup,
  type PaymentContext,
  type PaymentFunctions,
  type PaymentQueryHandlerOptions,
} from "./payments/query-handler.ts";
export { paymentReply } from "./payments/reply.ts";
export type {
  ChargeReport,
  ChargeSnapshot,
  ChargeStatus,
  ProductDetail,
  SubscriptionSnapshot,
  SubscriptionStatus,
  UndecidedStatus,
} from "./payments/snapshot.ts";
