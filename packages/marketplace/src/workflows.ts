export type { RuntimeOptions, Sleep } from "@ghl-edge/core";
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
export type { OnError, ReportOptions } from "./http/handler.ts";
export type { SendResult } from "./http/outcome.ts";
export type { RetryOptions } from "./http/retry.ts";
export { parseWorkflowAction, type WorkflowAction, type WorkflowBranch } from "./workflows/action/action.ts";
export {
  createWorkflowActionHandler,
  type WorkflowActionFunction,
  type WorkflowActionHandlerOptions,
} from "./workflows/action/action-handler.ts";
export {
  actionReply as workflowActionReply,
  type DynamicField,
  type DynamicSection,
  dynamicFieldsReply as workflowFieldsReply,
  filtersReply as workflowFiltersReply,
  optionsReply as workflowOptionsReply,
  type WorkflowActionOutput,
  type WorkflowOption,
} from "./workflows/action/action-reply.ts";
export type { AppFunction, WorkflowOptionsRequest } from "./workflows/app-functions.ts";
export { type AuthenticatedRequest, createWorkflowAuth, type WorkflowAuth } from "./workflows/auth.ts";
export type { DeliveryOptions, Idempotency, WorkflowSenderOptions } from "./workflows/delivery.ts";
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
export type { Fields, Lists } from "./workflows/fields.ts";
export type { WorkflowContext, WorkflowHandler, WorkflowHandlerOptions } from "./workflows/handler.ts";
export {
  createInboundWebhookSender,
  type InboundSendOptions,
  type InboundWebhookResult,
  type InboundWebhookSender,
} from "./workflows/inbound/inbound-sender.ts";
export { type InboundWebhookUrl, readInboundWebhookUrl } from "./workflows/inbound/inbound-url.ts";
export {
  parseTriggerSubscription,
  type TriggerFilter,
  type TriggerSubscription,
  type TriggerSubscriptionFields,
} from "./workflows/trigger/trigger.ts";
export { parseTriggerFilters, type TriggerFiltersRequest } from "./workflows/trigger/trigger-filters.ts";
export {
  createTriggerSubscriptionHandler,
  type TriggerSubscriptionHandlerOptions,
} from "./workflows/trigger/trigger-handler.ts";
export {
  createTriggerSender,
  type TriggerSender,
  type TriggerSenderOptions,
} from "./workflows/trigger/trigger-sender.ts";
export type { UrlLike, WorkflowUrlOptions } from "./workflows/url.ts";
export { type ParseWorkflowWebhookOptions, parseWorkflowWebhook } from "./workflows/webhook/parse-webhook.ts";
export type {
  WorkflowContact,
  WorkflowWebhook,
  WorkflowWebhookBody,
  WorkflowWebhookMethod,
} from "./workflows/webhook/webhook.ts";
export {
  createWorkflowWebhookHandler,
  type WorkflowReply,
  type WorkflowWebhookHandlerOptions,
} from "./workflows/webhook/webhook-handler.ts";
