import { createApp, createTrafficApp, isTraffic } from "./app.ts";
import type { OverflowEvent } from "./domain/contracts/overflow.ts";
import { takeOverflow } from "./objects/event-landing/overflow.ts";
import { readObjects } from "./platform/env.ts";
import { runScheduled } from "./services/reconcile/scheduled.ts";

export { Gateway } from "./entrypoint.ts";
export { EndpointDispatcher } from "./objects/endpoint-dispatcher/endpoint-dispatcher.ts";
export { EventLanding } from "./objects/event-landing/event-landing.ts";
export { ResourceCoordinator } from "./objects/resource-coordinator/resource-coordinator.ts";
export { TokenGrant } from "./objects/token-grant/token-grant.ts";
export { WebhookInbox } from "./objects/webhook-inbox/webhook-inbox.ts";

const traffic = createTrafficApp();
const app = createApp();

export default {
  fetch: (request, env, context) => (isTraffic(request.url) ? traffic : app).fetch(request, env, context),
  scheduled: (_controller, env) => runScheduled(env),
  queue: ({ messages }, env) => takeOverflow(messages, readObjects(env)),
} satisfies ExportedHandler<Env, OverflowEvent>;
