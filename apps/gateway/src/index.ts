import { createApp } from "./app.ts";

export { ResourceCoordinator } from "./durable-objects/resource-coordinator.ts";
export { TokenGrant } from "./durable-objects/token-grant.ts";
export { WebhookInbox } from "./durable-objects/webhook-inbox.ts";
export { Gateway } from "./entrypoint.ts";

export default createApp();
