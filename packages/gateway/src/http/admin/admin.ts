import type { Hono } from "hono";
import type { GatewayHono } from "../context.ts";
import { type AccessVerifier, createAccessVerifier } from "./access.ts";
import { administrationOf } from "./administration-of.ts";
import { authenticate, requireRole } from "./auth.ts";
import { type AdminContext, checkQuery } from "./input.ts";
import { openApiDocument } from "./openapi.ts";
import { parameters } from "./parameters.ts";
import type { AdminRoute } from "./route.ts";
import { adminRoutes } from "./routes.ts";

/** Everything under `/admin`, and its document at `/openapi.json`. */
export function serveAdmin(app: Hono<GatewayHono>): void {
  let access: AccessVerifier | undefined;

  const serve = (route: AdminRoute) => async (c: AdminContext) => {
    const { config, directory, objects, receivers } = c.var;
    if (config.admin.access !== undefined) access ??= createAccessVerifier(config.admin.access);
    const { origin } = new URL(c.req.url);
    const actor = await authenticate(c.req.raw.headers, { config, directory, access, origin });
    requireRole(actor, route.role);
    c.get("log").keyName = actor.name;
    checkQuery(
      c,
      (route.query ?? []).map((name) => parameters[name].name),
    );
    const change = { actor: actor.name, requestId: c.get("requestId"), nowMs: Date.now() };
    const waitUntil = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work);
    const options = { config, directory, objects, receivers, change, waitUntil, role: actor.role };
    const answer = await route.handle(administrationOf(options), c);
    const headers = { "cache-control": "no-store", "x-gateway-request-id": c.get("requestId") };
    return route.status === 204 ? c.body(null, 204, headers) : c.json(answer as object, route.status, headers);
  };

  for (const route of adminRoutes)
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ":$1"), serve(route));
  app.get("/openapi.json", (c) => c.json(openApiDocument()));
}
