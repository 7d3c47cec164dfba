import createFetchClient, { defaultBodySerializer, type Client as RawClient } from "openapi-fetch";
import { readErrorText } from "./answer.ts";
import type { CallOptions } from "./call-options.ts";
import type { Handle } from "./client.ts";
import { type CallContext, ParameterError } from "./errors.ts";
import { HOST } from "./methods.ts";
import type { OperationTable } from "./operation-table.ts";
import { createRouteMatcher } from "./route-matcher.ts";

/** Statuses whose answer has no body, but 304, which is a redirect here: https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = [204, 205];

/** It takes the headers too, which its type does not say (openapi-fetch 0.17, `defaultBodySerializer`). */
type SerializeBody = (body: unknown, headers: Headers) => unknown;

/** openapi-fetch makes JSON of everything but forms: of bytes `{}`, of a text that is no JSON a quoted one. */
function writeBody(body: unknown, given?: unknown): unknown {
  const headers = new Headers(given as HeadersInit | undefined);
  const type = headers.get("content-type");
  const isBytes = body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  if (isBytes && !type) {
    throw new ParameterError("a body of bytes needs a content-type header", {
      operation: "raw",
      parameter: "body",
    } as CallContext);
  }
  const isText = typeof body === "string" && type && !/\bjson\b/i.test(type);
  return isBytes || isText ? body : (defaultBodySerializer as SerializeBody)(body, headers);
}

/**
 * openapi-fetch over the pipeline of a handle: token, `Version`, permits, time limits and retries are the client's;
 * paths, parameters and `{ data, error, response }` are openapi-fetch's. Tenants are not filled in. Answers come with
 * their whole body, so that time limits and retries cover it; of an error at most some 65,000 characters. A redirect
 * rejects with `RedirectError`.
 *
 * @param module says which `Version` and token an operation needs
 * @param options for every call made with it; the `signal` of a single call is heeded too
 */
export function createRaw<Paths extends object>(
  handle: Handle,
  module: OperationTable,
  options: CallOptions = {},
): RawClient<Paths> {
  const match = createRouteMatcher(() =>
    Object.entries(module.operations).map(([name, row]) => ({
      name,
      row,
      method: row.m ?? "GET",
      path: row.p,
      api: module.api,
    })),
  );
  return createFetchClient<Paths>({
    // the client's own base URL comes before the path later
    baseUrl: "http://localhost",
    pathSerializer: (path, params) => handle.url(path, params),
    bodySerializer: writeBody,
    fetch: async (request) => {
      const { method, signal } = request;
      const { pathname, search } = new URL(request.url);
      const route = match(method, pathname);
      const version = route?.row.v ?? module.version;
      const content = await request.arrayBuffer();
      return handle.exchange(
        {
          context: { operation: `${module.module}.${route?.name ?? method}`, method, path: route?.path ?? pathname },
          url: pathname + search,
          server: module.api ? HOST : (route?.row.h ?? module.server),
          headers: { ...(version && { version }), ...Object.fromEntries(request.headers) },
          body: content.byteLength > 0 ? content : undefined,
          tokenKinds: route ? (route.row.k ?? module.tokens) : "?",
          resource: handle.resource,
          options: { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal },
        },
        async (response) => {
          // never ends by itself: the caller reads it with `parseAs: "stream"`
          if (response.ok && /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) return response;
          const hasBody = !NULL_BODY.includes(response.status);
          const body = response.ok ? await response.arrayBuffer() : await readErrorText(response);
          return new Response(hasBody ? body : null, response);
        },
      );
    },
  });
}
