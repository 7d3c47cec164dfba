export { BillingRedirectError } from "./billing/errors.ts";
export type { BillingPayment } from "./billing/payment.ts";
export {
  type BillingRedirect,
  type BillingRedirectOptions,
  type BillingTarget,
  parseBillingRedirect,
} from "./billing/redirect.ts";
export {
  type BillingReporter,
  type BillingReporterOptions,
  type BillingResult,
  createBillingReporter,
  type ReportAllOptions,
  type ReportOptions,
  type ResumeOptions,
  targetsToResume,
} from "./billing/reporter.ts";
export {
  AnswerError,
  ConfigurationError,
  MarketplaceError,
  type MarketplaceErrorCode,
  NetworkError,
  SendError,
  TimeoutError,
} from "./errors.ts";
export type { RetryOptions } from "./http/retry.ts";
export type { SendOptions } from "./http/send.ts";
