// The types of the single events are at `@ghl-edge/webhooks/events`, so that this list stays readable; what the gateway delivers is at
// `@ghl-edge/webhooks/gateway`. Left out on purpose: the tables behind the classifier and the checks, whose form may change.
export type { Receipt } from "./answer.ts";
export { type DedupeState, type DedupeStore, type MemoryDedupeOptions, memoryDedupe } from "./dedupe.ts";
export { type DedupeKeyOptions, dedupeKey } from "./dedupe-key.ts";
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
export type { ClassifiedEvent, KnownEvent, UnknownEvent, UnknownReason } from "./event.ts";
export { eventName, eventNames, eventOf, type HintOptions, wireType } from "./event-of.ts";
export type { Envelope, WebhookEvent, WebhookEventName, WebhookEvents } from "./generated/events.gen.ts";
export { createWebhookHandler } from "./handler.ts";
export type { EventHandlers, WebhookContext, WebhookHandler, WebhookHandlerOptions } from "./handler-options.ts";
export type { WebhookHeaders } from "./headers.ts";
export { HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY, HIGHLEVEL_PUBLIC_KEY } from "./highlevel-keys.ts";
export {
  DEFAULT_FUTURE_TOLERANCE_MS,
  DEFAULT_REMEMBER_MS,
  DEFAULT_TOLERANCE_MS,
  type VerifierOptions,
} from "./options.ts";
export { type DeliveryDetails, type ParsedWebhook, type ParseOptions, parseWebhook } from "./parse.ts";
export type { PublicKey } from "./public-key.ts";
export { type EventSchemas, schemas } from "./schemas.ts";
export type { Delivery } from "./signed-body.ts";
export type { Freshness, SignedFacts } from "./signed-facts.ts";
export { type SqlDedupeOptions, type SqlLike, sqlDedupe } from "./sql-dedupe.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "./standard-schema.ts";
export { type Tenant, tenantOf } from "./tenant.ts";
export {
  createWebhookVerifier,
  type VerifiedSignature,
  type VerifiedWebhook,
  verifyWebhook,
  type WebhookVerifier,
} from "./verify.ts";
