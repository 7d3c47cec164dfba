import type { Context } from "hono";
import { readCallOptions } from "../domain/api/call-options.ts";
import { acceptedTokenTypesFor, answersWithTokens, findOperation, operationName } from "../domain/api/operation.ts";
import { downstreamHeaders, upstreamHeaders } from "../domain/api/proxy-headers.ts";
import { upstreamUrl } from "../domain/api/upstream-path.ts";
import { GatewayError } from "../platform/errors.ts";
import { type CallContext, proxyCall } from "../services/proxy-call.ts";
import type { GatewayHono } from "./context.ts";
import { readCallBody } from "./request-body.ts";

const callContext = (c: Context<GatewayHono>): CallContext => ({
  config: c.get("config"),
  objects: c.get("objects"),
  prefetchedPermits: c.get("isolate").prefetchedPermits,
  waitUntil: (work) => c.executionCtx.waitUntil(work),
});

/**
 * `/api/{location|company}/{id}/…`: the rest is HighLevel's own path. Bodies stream both ways; HighLevel's answers,
 * errors among them, pass as they are.
 */
export async function proxy(c: Context<GatewayHono>): Promise<Response> {
  const target = c.get("target");
  const url = upstreamUrl(c.get("config").apiUrl, target);
  if (url === undefined) throw new GatewayError({ kind: "path_refused" });
  const { method, headers } = c.req.raw;
  const options = readCallOptions(headers);
  if ("header" in options) throw new GatewayError({ kind: "header_invalid", ...options });
  const route = findOperation(method, target.path, headers.get("version") || undefined);
  if (route === undefined) throw new GatewayError({ kind: "operation_unknown" });
  const operation = operationName(route);
  Object.assign(c.get("log"), { operation, resource: target.resource });
  if (answersWithTokens(route)) throw new GatewayError({ kind: "operation_refused", operation });
  const acceptedTokenTypes = acceptedTokenTypesFor(route, target.resource);
  if (typeof acceptedTokenTypes !== "string")
    throw new GatewayError({ kind: "token_type", operation, needs: acceptedTokenTypes });

  const { app, name } = c.get("apiKey");
  const { priority, maxWaitMs } = options;
  const { body, isRepeatable } = await readCallBody(c.req.raw, { budget: c.get("isolate").requestBytes });
  const requestHeaders = c.get("config").apps.get(app)?.requestHeaders;
  const version = route.version || undefined;
  const { response, waitMs, retries } = await proxyCall(callContext(c), {
    credentials: { app, resource: target.resource, key: name, priority, acceptedTokenTypes, scopes: route.scopes },
    operation,
    maxWaitMs,
    isRepeatable,
    request: (accessToken) => ({
      url,
      method,
      headers: upstreamHeaders(headers, { accessToken, version, requestHeaders }),
      body,
    }),
  });
  Object.assign(c.get("log"), { waitMs, retries });
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers: downstreamHeaders(response.headers, { requestId: c.get("requestId"), waitMs, retries }),
  });
}
