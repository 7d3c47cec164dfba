import { createApp, createBindingApp, createTrafficApp, isTraffic } from "./app.ts";
import type { OverflowEvent } from "./domain/contracts/overflow.ts";
import { Gateway as GatewayEntrypoint } from "./entrypoint.ts";
import { createIsolate, type Isolate } from "./isolate.ts";
import { EndpointDispatcher as EndpointDispatcherObject } from "./objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { EventBuffer as EventBufferObject } from "./objects/event-buffer/event-buffer.ts";
import { ResourceCoordinator as ResourceCoordinatorObject } from "./objects/resource-coordinator/resource-coordinator.ts";
import { TokenGrant as TokenGrantObject } from "./objects/token-grant/token-grant.ts";
import { WebhookInbox as WebhookInboxObject } from "./objects/webhook-inbox/webhook-inbox.ts";
import { readObjects } from "./platform/env.ts";
import { storeOverflow } from "./services/overflow.ts";
import { runScheduled } from "./services/reconcile/scheduled.ts";

// R8: workerd evaluates this module once for each isolate, and gives handlers and objects no other place for what they share.
export const isolate = createIsolate();
// R8: routers are built once for an isolate and do not change afterwards.
const apps = {
  traffic: createTrafficApp(isolate),
  binding: createBindingApp(isolate),
  others: createApp(isolate),
};

/** The Worker's handlers: HTTP requests, the hourly run, and events that come from the overflow queues. */
const worker = {
  fetch: (request, env, context) => (isTraffic(request.url) ? apps.traffic : apps.others).fetch(request, env, context),
  scheduled: (_controller, env) => runScheduled(env, isolate),
  queue: ({ messages }, env) =>
    storeOverflow(messages, { objects: readObjects(env), successPercent: isolate.successPercent(env) }),
} satisfies ExportedHandler<Env, OverflowEvent>;

export default worker;

type ObjectClass<Instance> = new (ctx: DurableObjectState, env: Env, isolate: Isolate) => Instance;

/** Adds the isolate's state to the arguments with which workerd constructs an object. */
function inIsolate<Instance extends object>(
  Base: ObjectClass<Instance>,
): new (
  ctx: DurableObjectState,
  env: Env,
) => Instance {
  return class extends (Base as ObjectClass<object>) {
    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env, isolate);
    }
  } as never;
}

export class EndpointDispatcher extends inIsolate(EndpointDispatcherObject) {}
export class EventBuffer extends inIsolate(EventBufferObject) {}
export class ResourceCoordinator extends inIsolate(ResourceCoordinatorObject) {}
export class TokenGrant extends inIsolate(TokenGrantObject) {}
export class WebhookInbox extends inIsolate(WebhookInboxObject) {}

export class Gateway extends GatewayEntrypoint {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, env, { isolate, api: apps.binding });
  }
}
