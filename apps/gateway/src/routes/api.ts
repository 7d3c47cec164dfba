import { matchRoute, type RouteMatch } from "@ghl-edge/client/routes";
import type { Context } from "hono";
import type { GatewayHono } from "../context.ts";
import { downstreamHeaders, upstreamHeaders } from "../domain/proxy-headers.ts";
import { type ProxyTarget, readProxyTarget, upstreamUrl } from "../domain/upstream-path.ts";
import type { AcquireReply } from "../durable-objects/interfaces.ts";
import { retryOnce } from "../durable-objects/retry-once.ts";
import { GatewayError } from "../errors.ts";

/** How long a call waits for its permit or for a refresh. */
const MAX_WAIT_MS = 10_000;
/** Until the head of HighLevel's answer; the body may take as long as it takes. */
const UPSTREAM_HEAD_TIMEOUT_MS = 60_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The operation, by the generation the caller's Version names; without one the newer generation is tried first. */
function findOperation(method: string, path: string, version: string | undefined): RouteMatch {
  const order = version === undefined || version === "v3" ? (["v3", "v2"] as const) : (["v2", "v3"] as const);
  for (const api of order) {
    const route = matchRoute(method, path, api);
    if (route !== undefined) return route;
  }
  throw new GatewayError({ kind: "operation_unknown" });
}

function checkOperation(route: RouteMatch, target: ProxyTarget): void {
  const operation = `${route.api}.${route.module}.${route.name}`;
  // These answer with tokens, and no token leaves the gateway.
  if (route.module === "oauth" && /token$/i.test(route.path))
    throw new GatewayError({ kind: "operation_refused", operation });
  // Only OAuth tokens so far: a private integration token's letters are capitals.
  const kinds = { l: "location", c: "company" } as const;
  const needs = Array.from(route.tokens).flatMap((letter) => (letter === "l" || letter === "c" ? [kinds[letter]] : []));
  const says = route.tokens !== "?" && route.tokens !== "";
  if (says && !needs.includes(target.resource.kind)) throw new GatewayError({ kind: "token_kind", operation, needs });
}

function refusal(reply: Extract<AcquireReply, { ok: false }>): GatewayError {
  switch (reply.reason) {
    case "budget":
      return new GatewayError({ kind: "budget_exhausted", retryAfterMs: reply.retryAfterMs });
    case "refreshing":
      return new GatewayError({ kind: "token_pending", retryAfterMs: reply.retryAfterMs });
    default:
      return new GatewayError({ kind: reply.reason });
  }
}

/** Token and permit; the Worker does the waiting, so that the object never sleeps. */
async function acquire(
  c: Context<GatewayHono>,
  target: ProxyTarget,
): Promise<{ readonly accessToken: string; readonly waitMs: number }> {
  const { app } = c.var.apiKey;
  const { resource } = target;
  const startedAtMs = Date.now();
  for (;;) {
    const maxWaitMs = MAX_WAIT_MS - (Date.now() - startedAtMs);
    let reply: AcquireReply;
    try {
      reply = await retryOnce(
        () => c.var.objects.coordinator(app, resource),
        (coordinator) => coordinator.acquire({ app, resource, maxWaitMs }),
      );
    } catch {
      throw new GatewayError({ kind: "object_unreachable" });
    }
    if (reply.ok) {
      if (reply.waitMs > 0) await sleep(reply.waitMs);
      return { accessToken: reply.accessToken, waitMs: Date.now() - startedAtMs };
    }
    if (reply.reason !== "refreshing" || reply.retryAfterMs >= maxWaitMs) throw refusal(reply);
    await sleep(Math.max(reply.retryAfterMs, 50));
  }
}

async function send(request: Request): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), UPSTREAM_HEAD_TIMEOUT_MS);
  try {
    return await fetch(request, { redirect: "manual", signal: timeout.signal });
  } catch {
    throw new GatewayError({ kind: "upstream_unreachable" });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `/api/{location|company}/{id}/…`: the rest is HighLevel's own path. Bodies stream both ways; HighLevel's answers,
 * errors among them, pass as they are.
 */
export async function proxy(c: Context<GatewayHono>): Promise<Response> {
  const target = readProxyTarget(c.req.raw.url);
  const url = target && upstreamUrl(c.var.config.apiUrl, target);
  if (target === undefined || url === undefined) throw new GatewayError({ kind: "path_refused" });
  const { method, headers, body } = c.req.raw;
  const route = findOperation(method, target.path, headers.get("version") || undefined);
  c.var.log.operation = `${route.api}.${route.module}.${route.name}`;
  c.var.log.resource = target.resource;
  checkOperation(route, target);

  const { accessToken, waitMs } = await acquire(c, target);
  c.var.log.waitMs = waitMs;
  const outbound = upstreamHeaders(headers, { accessToken, version: route.version || undefined });
  const response = await send(new Request(url, { method, headers: outbound, body }));
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers: downstreamHeaders(response.headers, { requestId: c.var.requestId, waitMs }),
  });
}
