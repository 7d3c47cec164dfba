export { Gateway } from "./entrypoint.ts";
export { EndpointDispatcher } from "./objects/endpoint-dispatcher/endpoint-dispatcher.ts";
export { EventBuffer } from "./objects/event-buffer/event-buffer.ts";
export { ResourceCoordinator } from "./objects/resource-coordinator/resource-coordinator.ts";
export { TokenGrant } from "./objects/token-grant/token-grant.ts";
export { WebhookInbox } from "./objects/webhook-inbox/webhook-inbox.ts";
export { default } from "./worker.ts";
