import { Hono, type MiddlewareHandler } from "hono";
import { serveAdmin } from "./http/admin/admin.ts";
import { proxy } from "./http/api.ts";
import type { GatewayHono } from "./http/context.ts";
import { serveMarketplace } from "./http/marketplace/marketplace.ts";
import { checkCaller, requireApiKey } from "./http/middleware/api-key.ts";
import { bindingCaller } from "./http/middleware/binding-caller.ts";
import { onError, requestLog } from "./http/middleware/request-log.ts";
import { callback, install } from "./http/oauth.ts";
import { receiveWebhook } from "./http/webhooks.ts";
import { serveWorkflows } from "./http/workflows/workflows.ts";
import type { Isolate } from "./isolate.ts";
import { GatewayError } from "./platform/errors.ts";
import { readServices, type Services } from "./services/services.ts";

/** Makes an app with the middleware of every request. The first request of an isolate reads the configuration, which cannot change. */
function createBase(isolate: Isolate): Hono<GatewayHono> {
  const app = new Hono<GatewayHono>();
  let read: Services | undefined;

  app.use(requestLog);
  app.use(async (c, next) => {
    read ??= readServices(c.env, isolate);
    c.set("isolate", read.isolate);
    c.set("config", read.config);
    c.set("objects", read.objects);
    c.set("destinations", read.destinations);
    c.set("directory", read.directory);
    c.set("overflow", read.overflow);
    c.set("verifierOf", read.verifierOf);
    await next();
  });
  // After the configuration was read: 503 where it cannot work.
  app.get("/healthz", (c) => c.json({ ok: true }));
  app.notFound(() => {
    throw new GatewayError({ kind: "route_unknown" });
  });
  app.onError(onError);
  return app;
}

function serveApi(app: Hono<GatewayHono>, authenticate: MiddlewareHandler<GatewayHono>): void {
  app.use("/api/*", authenticate, checkCaller);
  app.all("/api/:kind/:id/*", proxy);
}

/** Decides from the raw URL whether a request belongs to the hot-path app. The app's own routes still validate the path. */
export const isTraffic = (url: string): boolean => /^[a-z]+:\/\/[^/?#]*\/(api|webhooks)\//i.test(url);

/**
 * Makes the hot-path app: calls of HighLevel's API, and its webhooks. It has no other routes, because their paths are ambiguous and
 * would make Hono fall back to a router that walks a tree for each request.
 */
export function createTrafficApp(isolate: Isolate): Hono<GatewayHono> {
  const app = createBase(isolate);
  serveApi(app, requireApiKey());
  app.all("/webhooks/:app", receiveWebhook("app"));
  app.all("/webhooks/:app/provider", receiveWebhook("provider"));
  return app;
}

/** Makes the app that a service binding reaches by `fetch`: HighLevel's API, and no other route. */
export function createBindingApp(isolate: Isolate): Hono<GatewayHono> {
  const app = createBase(isolate);
  serveApi(app, bindingCaller);
  return app;
}

/** Makes the app with all other routes of the gateway. */
export function createApp(isolate: Isolate): Hono<GatewayHono> {
  const app = createBase(isolate);
  app.get("/oauth/install", install);
  app.get("/oauth/callback", callback);
  app.get("/oauth/callback/:app", callback);
  serveAdmin(app);
  const authenticate = requireApiKey();
  serveMarketplace(app, authenticate);
  serveWorkflows(app, authenticate);
  return app;
}
