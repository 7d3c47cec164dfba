import { createApp, createTrafficApp, isTraffic } from "./app.ts";
import { type OverflowEvent, takeOverflow } from "./durable-objects/overflow.ts";
import { readObjects } from "./env.ts";
import { runScheduled } from "./repair/scheduled.ts";

export { EndpointDispatcher } from "./durable-objects/endpoint-dispatcher.ts";
export { EventLanding } from "./durable-objects/event-landing.ts";
export { ResourceCoordinator } from "./durable-objects/resource-coordinator.ts";
export { TokenGrant } from "./durable-objects/token-grant.ts";
export { WebhookInbox } from "./durable-objects/webhook-inbox.ts";
export { Gateway } from "./entrypoint.ts";

const traffic = createTrafficApp();
const app = createApp();

export default {
  fetch: (request, env, context) => (isTraffic(request.url) ? traffic : app).fetch(request, env, context),
  scheduled: (_controller, env) => runScheduled(env),
  queue: ({ messages }, env) => takeOverflow(messages, readObjects(env)),
} satisfies ExportedHandler<Env, OverflowEvent>;
