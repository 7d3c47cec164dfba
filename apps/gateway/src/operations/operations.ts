import { createDeliveryOperations, type DeliveryOperations } from "./deliveries.ts";
import { createEndpointOperations, type EndpointOperations } from "./endpoints.ts";
import { createEventOperations, type EventOperations } from "./events.ts";
import { createReplayOperations, type ReplayOperations } from "./replays.ts";
import type { OperationOptions } from "./shared.ts";

/** What operators can do with events and those who receive them. */
export type WebhookOperations = EndpointOperations & DeliveryOperations & EventOperations & ReplayOperations;

export function createWebhookOperations(options: OperationOptions): WebhookOperations {
  return {
    ...createEndpointOperations(options),
    ...createDeliveryOperations(options),
    ...createEventOperations(options),
    ...createReplayOperations(options),
  };
}
