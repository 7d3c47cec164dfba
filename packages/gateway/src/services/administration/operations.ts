import { createDeliveryOperations, type DeliveryOperations } from "./deliveries.ts";
import { createEndpointOperations, type EndpointOperations } from "./endpoints.ts";
import { createEventOperations, type EventOperations } from "./events.ts";
import { createLocationDataOperations, type LocationDataOperations } from "./location-data.ts";
import { createReplayOperations, type ReplayOperations } from "./replays.ts";
import type { OperationOptions } from "./shared.ts";
import { createTokenKeyOperations, type TokenKeyOperations } from "./token-keys.ts";
import { createWorkflowReceiverOperations, type WorkflowReceiverOperations } from "./workflow-receivers.ts";

/** What operators can do with events, those who receive them, and what takes them from workflows. */
export type WebhookOperations = EndpointOperations &
  DeliveryOperations &
  EventOperations &
  ReplayOperations &
  WorkflowReceiverOperations &
  TokenKeyOperations &
  LocationDataOperations;

export function createWebhookOperations(options: OperationOptions): WebhookOperations {
  return {
    ...createEndpointOperations(options),
    ...createDeliveryOperations(options),
    ...createEventOperations(options),
    ...createReplayOperations(options),
    ...createWorkflowReceiverOperations(options),
    ...createTokenKeyOperations(options),
    ...createLocationDataOperations(options),
  };
}
