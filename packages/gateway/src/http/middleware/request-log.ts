import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { ConfigError } from "../../platform/config-fields.ts";
import { GatewayError, problemResponse, type Reason } from "../../platform/errors.ts";
import { logEvent } from "../../platform/log.ts";
import type { GatewayHono } from "../context.ts";

/** Gives every request an id, and logs one line when its answer begins. */
export const requestLog: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const startedAtMs = Date.now();
  c.set("requestId", crypto.randomUUID());
  c.set("log", {});
  await next();
  // Nearly every answer is about a customer, and a problem is about one call: neither belongs into a cache.
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  logEvent("request", {
    requestId: c.get("requestId"),
    method: c.req.method,
    route: routePath(c, -1),
    httpStatus: c.res.status,
    durationMs: Date.now() - startedAtMs,
    ...c.get("log"),
  });
};

/** Paths to which HighLevel sends events. */
const EVENTS = /^\/(webhooks\/|workflows\/[^/]+\/[^/]+$)/;

function reasonOf(error: Error, path: string): Reason {
  if (error instanceof GatewayError && !(error.reason.kind === "request_timeout" && EVENTS.test(path)))
    return error.reason;
  if (error instanceof ConfigError && !EVENTS.test(path)) return { kind: "config" };
  // An event is never answered with 5xx or 408, because HighLevel's older policy would not send it again.
  return EVENTS.test(path) ? { kind: "webhook_not_stored", retryAfterMs: 60_000 } : { kind: "internal" };
}

/** Turns an error into a response. Of an unexpected error the caller gets only the request id. */
export function onError(error: Error, c: Context<GatewayHono>): Response {
  const reason = reasonOf(error, c.req.path);
  const log = c.get("log");
  if (error instanceof ConfigError) {
    const { code, app, path: setting, expected } = error;
    Object.assign(log, { code, setting, expected, ...(app === undefined ? {} : { app }) });
  } else if (error instanceof GatewayError) {
    log.code = error.code;
    if (error.cause instanceof Error) log.errorName = error.cause.name;
  } else {
    log.code = "ERR_GHL_GATEWAY_INTERNAL";
    log.errorName = error.name;
  }
  return problemResponse(reason, c.get("requestId"));
}
