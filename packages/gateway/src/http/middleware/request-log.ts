import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { ConfigError } from "../../platform/config-fields.ts";
import { GatewayError, problemResponse, type Reason } from "../../platform/errors.ts";
import { type LogFields, logEvent } from "../../platform/log.ts";
import { logSuccess } from "../../platform/log-sample.ts";
import type { Services } from "../../services/services.ts";
import type { GatewayHono } from "../context.ts";

/** Administration and installations: an operator asked for them, or they grant access. Every line of them is logged. */
const ALWAYS_LOGGED = /^\/(admin|oauth)\//;
/** Outcomes of events that are nothing but successes. */
const SUCCESSES = new Set<string | undefined>([undefined, "stored", "duplicate", "held"]);

/** Whether a line is about a success, which may be left out. */
function isSuccess({ route = "", httpStatus = 0, code, outcome, isTruncated }: LogFields): boolean {
  const isOrdinary = code === undefined && SUCCESSES.has(outcome) && isTruncated !== true;
  return httpStatus < 400 && isOrdinary && !ALWAYS_LOGGED.test(route);
}

function report(c: Context<GatewayHono>, line: LogFields & { readonly requestId: string }): void {
  const isolate = c.get("isolate") as Services["isolate"] | undefined;
  const { eventId, requestId } = line;
  const percent = isolate === undefined ? 100 : isolate.successPercent(c.env);
  if (isSuccess(line)) logSuccess("request", line, { id: eventId ?? requestId, percent });
  else logEvent("request", line);
  const metrics = isolate?.readMetrics(c.env);
  metrics?.add(metricOf(line), line.durationMs ?? 0);
  metrics?.flushSoon((work) => c.executionCtx.waitUntil(work));
}

/** The point of a request. It is about an app, an operation and a status, never about a location or a caller. */
function metricOf({ app = "", operation, event, route = "", outcome, code, httpStatus, endpointId = "" }: LogFields) {
  const name = operation ?? event ?? route;
  const status = String(httpStatus ?? "");
  return { what: "request", app, name, outcome: outcome ?? code ?? "answered", status, endpointId } as const;
}

/** Gives every request an id. When its answer begins, the request is counted, and logged unless it is a success outside of the sample. */
export const requestLog: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const startedAtMs = Date.now();
  c.set("requestId", crypto.randomUUID());
  c.set("log", {});
  await next();
  // Nearly every answer is about a customer, and a problem is about one call: neither belongs into a cache.
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  report(c, {
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
