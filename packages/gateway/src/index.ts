export { Gateway } from "./entrypoint.ts";
export { EndpointDispatcher } from "./objects/endpoint-dispatcher/endpoint-dispatcher.ts";
export { EventLanding } from "./objects/event-landing/event-landing.ts";
export { ResourceCoordinator } from "./objects/resource-coordinator/resource-coordinator.ts";
export { TokenGrant } from "./objects/token-grant/token-grant.ts";
export { WebhookInbox } from "./objects/webhook-inbox/webhook-inbox.ts";
export { default } from "./worker.ts";
