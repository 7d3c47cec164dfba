// The types of the single events are at `@ghl-edge/webhooks/events`, so that this list stays readable. The gateway's deliveries are at
// `@ghl-edge/webhooks/gateway`. The tables behind the classifier and the checks are not exported, because their format may change.

export { type DedupeKeyOptions, dedupeKey } from "./dedupe/dedupe-key.ts";
export { type DedupeState, type DedupeStore, type MemoryDedupeOptions, memoryDedupe } from "./dedupe/memory-dedupe.ts";
export { type SqlDedupeOptions, type SqlLike, sqlDedupe } from "./dedupe/sql-dedupe.ts";
export {
  AppMismatchError,
  AppMissingError,
  BodyTimeoutError,
  BodyTooLargeError,
  BodyUnreadableError,
  HandlerFailedError,
  InProgressError,
  MethodNotAllowedError,
  NotEnvelopeError,
  NotJsonError,
  SignatureMalformedError,
  SignatureMismatchError,
  SignatureMissingError,
  type SignatureScheme,
  TimestampMissingError,
  TimestampOutsideWindowError,
  WebhookConfigurationError,
  WebhookError,
  type WebhookErrorCode,
} from "./errors.ts";
export type { ClassifiedEvent, KnownEvent, UnknownEvent, UnknownReason } from "./events/event.ts";
export { eventName, eventNames, eventOf, type HintOptions, wireType } from "./events/event-of.ts";
export { type EventSchemas, schemas } from "./events/schemas.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "./events/standard-schema.ts";
export { type Tenant, tenantOf } from "./events/tenant.ts";
export type { Envelope, WebhookEvent, WebhookEventName, WebhookEvents } from "./generated/events.gen.ts";
export { createWebhookHandler } from "./handler/handler.ts";
export type {
  EventHandlers,
  WebhookContext,
  WebhookHandler,
  WebhookHandlerOptions,
} from "./handler/handler-options.ts";
export type { FailedEvent, Receipt } from "./handler/response.ts";
export type { WebhookHeaders } from "./verify/headers.ts";
export { HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY, HIGHLEVEL_PUBLIC_KEY } from "./verify/highlevel-keys.ts";
export { type DeliveryDetails, type ParsedWebhook, type ParseOptions, parseWebhook } from "./verify/parse.ts";
export type { PublicKey } from "./verify/public-key.ts";
export type { Delivery } from "./verify/signed-body.ts";
export type { Freshness, SignedMetadata } from "./verify/signed-metadata.ts";
export {
  DEFAULT_DEDUPE_RETENTION_MS,
  DEFAULT_FUTURE_TOLERANCE_MS,
  DEFAULT_TOLERANCE_MS,
  type VerifierOptions,
} from "./verify/verifier-options.ts";
export {
  createWebhookVerifier,
  type VerifiedSignature,
  type VerifiedWebhook,
  verifyWebhook,
  type WebhookVerifier,
} from "./verify/verify.ts";
