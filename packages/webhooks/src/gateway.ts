// For endpoints that receive the gateway's deliveries, and for the gateway, which writes and signs them. The single error classes are at
// `@ghl-edge/webhooks`: here, use `code` to distinguish errors.

export type { Resource } from "@ghl-edge/core";
export { type DedupeState, type DedupeStore, type MemoryDedupeOptions, memoryDedupe } from "./dedupe/memory-dedupe.ts";
export { type SqlDedupeOptions, type SqlLike, sqlDedupe } from "./dedupe/sql-dedupe.ts";
export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export { type BatchedEnvelope, type DeliveryBatch, MAX_BATCH_EVENTS, writeBatch } from "./gateway/batch.ts";
export type {
  DeliveredEventName,
  DeliveredEvents,
  DeliveryMetadata,
  GatewayDelivery,
  KnownDelivery,
  UnknownDelivery,
} from "./gateway/delivery.ts";
export { type DeliverySource, type EnvelopeFields, writeEnvelope } from "./gateway/envelope.ts";
export {
  type DailyQuota,
  type EndpointDisabled,
  type EventDead,
  type EventDropped,
  type EventQuarantined,
  type EventUnprocessable,
  type GatewayEventName,
  type GatewayEvents,
  type GrantChange,
  gatewayEventNames,
  type RecordReconciled,
  type SecretsUnreadable,
  type WorkflowAction,
  type WorkflowTrigger,
  type WorkflowWebhook,
} from "./gateway/gateway-events.ts";
export {
  createGatewayHandler,
  type GatewayContext,
  type GatewayEventHandlers,
  type GatewayHandlerOptions,
} from "./gateway/gateway-handler.ts";
export { createDeliverySecret } from "./gateway/secret.ts";
export {
  createDeliverySigner,
  type DeliveryHeaders,
  type DeliverySigner,
  type DeliveryToSign,
  type SignerOptions,
  signDelivery,
} from "./gateway/signer.ts";
export {
  createDeliveryVerifier,
  DEFAULT_DELIVERY_TOLERANCE_MS,
  type DeliveryVerifier,
  type DeliveryVerifierOptions,
  type SignedAttempt,
  verifyGatewayBatch,
  verifyGatewayDelivery,
} from "./gateway/verify-delivery.ts";
export type { WebhookHandler } from "./handler/handler-options.ts";
export type { FailedEvent } from "./handler/response.ts";
export type { Delivery } from "./verify/signed-body.ts";
