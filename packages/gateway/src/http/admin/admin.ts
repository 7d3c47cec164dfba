import type { Context, Hono } from "hono";
import { type AdminAction, runAction } from "../../services/administration/action.ts";
import { adminActions } from "../../services/administration/actions/actions.ts";
import type { GatewayHono } from "../context.ts";
import { type AccessVerifier, createAccessVerifier } from "./access.ts";
import { authenticate } from "./auth.ts";
import { openApiDocument } from "./openapi.ts";
import { serveOpenApi } from "./openapi-route.ts";
import { readInput } from "./read-input.ts";

/** Serves every admin action under `/admin`, and their document at `/openapi.json`. */
export function serveAdmin(app: Hono<GatewayHono>): void {
  let access: AccessVerifier | undefined;

  const serve = (action: AdminAction) => async (c: Context<GatewayHono>) => {
    const { config, directory, objects, destinations, isolate } = c.var;
    const { prefetchedPermits } = isolate;
    if (config.admin.access !== undefined) access ??= createAccessVerifier(config.admin.access);
    const { origin } = new URL(c.req.url);
    const actor = await authenticate(c.req.raw.headers, { config, directory, access, origin });
    c.get("log").keyName = actor.name;
    const change = { actor: actor.name, requestId: c.get("requestId"), nowMs: Date.now() };
    const waitUntil = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work);
    const services = { config, directory, objects, destinations, prefetchedPermits };
    const context = { ...services, change, role: actor.role, origin, waitUntil };
    const output = await runAction(action, context, () => readInput(c, action));
    const headers = { "cache-control": "no-store", "x-gateway-request-id": c.get("requestId") };
    const { status = 200 } = action.http;
    return status === 204 ? c.body(null, status, headers) : c.json(output as object, status, headers);
  };

  for (const action of Object.values<AdminAction>(adminActions)) {
    const { method, path } = action.http;
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), serve(action));
  }
  serveOpenApi(app, openApiDocument);
}
