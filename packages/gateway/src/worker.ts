import { createApp, createTrafficApp, isTraffic } from "./app.ts";
import type { OverflowEvent } from "./domain/contracts/overflow.ts";
import { readObjects } from "./platform/env.ts";
import { storeOverflow } from "./services/overflow.ts";
import { runScheduled } from "./services/reconcile/scheduled.ts";

// R8: routers are built once for an isolate and do not change afterwards.
const traffic = createTrafficApp();
// R8: this router, too, is built once for an isolate and does not change afterwards.
const app = createApp();

/** The Worker's handlers: HTTP requests, the hourly run, and events that come from the overflow queues. */
const worker = {
  fetch: (request, env, context) => (isTraffic(request.url) ? traffic : app).fetch(request, env, context),
  scheduled: (_controller, env) => runScheduled(env),
  queue: ({ messages }, env) => storeOverflow(messages, readObjects(env)),
} satisfies ExportedHandler<Env, OverflowEvent>;

export default worker;
