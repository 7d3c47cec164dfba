import createFetchClient, { defaultBodySerializer, type Client as RawClient } from "openapi-fetch";
import { HOST } from "./call/methods.ts";
import { demandWritable, urlOf } from "./call/url.ts";
import type { CallOptions } from "./call-options.ts";
import type { Handle } from "./client.ts";
import { mergeHeaders, settingsOf } from "./client-options.ts";
import { errorOf, isRedirect } from "./errors/api-errors.ts";
import { makeError } from "./errors/errors.ts";
import type { OperationTable } from "./operation-table.ts";
import { createRouteMatcher } from "./routes/route-matcher.ts";

/** Statuses whose answer has no body: https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = [204, 205, 304];

const CONTEXT = { operation: "raw" };
/** The functions of an openapi-fetch client that send. */
const NAMES = ["request", "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] as const;

/** It takes the headers too, which its type does not say (openapi-fetch 0.17, `defaultBodySerializer`). */
type SerializeBody = (body: unknown, headers: Headers) => unknown;

/** openapi-fetch makes JSON of everything but forms: of bytes `{}`, of a text that is no JSON a quoted one. */
function writeBody(body: unknown, given?: unknown): unknown {
  const headers = new Headers(given as HeadersInit | undefined);
  const type = headers.get("content-type");
  const isBytes = body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  if (isBytes && !type) {
    throw makeError("PARAMETER", "content-type is missing, which a body of bytes needs", {
      ...CONTEXT,
      parameter: "body",
    });
  }
  const isText = typeof body === "string" && type && !/\bjson\b/i.test(type);
  if (isBytes || isText || body instanceof FormData || body instanceof URLSearchParams) return body;
  demandWritable("body", body, CONTEXT);
  return (defaultBodySerializer as SerializeBody)(body, headers);
}

/** Parts of the second argument of an openapi-fetch method that are checked. */
interface RawInit {
  readonly params?: { readonly query?: object; readonly header?: object };
  readonly headers?: unknown;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Refuses a header by its name: the platform's own complaint quotes the value, which may be a token. */
function checkHeaders(given: unknown): void {
  if (given instanceof Headers) return;
  const fields = Array.isArray(given) ? given : Object.entries(Object(given));
  // openapi-fetch writes a list as several headers, a number as text, and leaves `null` out
  for (const [name, value] of fields as [string, unknown][])
    for (const item of [value ?? []].flat()) mergeHeaders({ [name]: String(item) });
}

/**
 * The query with each Date as ISO 8601; openapi-fetch takes a Date for an object without fields, and writes an empty text for
 * what it cannot write.
 *
 * @throws ParameterError for what a query cannot carry
 */
function writableQuery(query: object): object {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    const write = (item: unknown): unknown => {
      demandWritable(name, item ?? Symbol(), CONTEXT);
      return item instanceof Date ? item.toISOString() : item;
    };
    if (value == null) continue;
    written[name] = Array.isArray(value) ? value.map(write) : write(value);
    // a member of an object is a parameter of its own, left out where it is undefined
    if (Object.getPrototypeOf(Object(written[name])) === Object.prototype)
      written[name] = Object.fromEntries(
        Object.entries(value as object)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]) => [key, write(member)]),
      );
  }
  return written;
}

/**
 * Makes an openapi-fetch client over the pipeline of a handle. Token, `Version`, permits, time limits and retries are the
 * client's. Paths, parameters and `{ data, error, response }` are openapi-fetch's. Tenants are not filled in. Answers come with
 * their whole body, so that time limits and retries cover it; of an error at most some 65,000 characters. A redirect
 * rejects with `RedirectError`, and a 2xx that should be JSON and is not with `InvalidResponseError`. Values that a query or
 * JSON cannot carry are refused as in methods.
 *
 * @param handle - Client or handle whose options the calls use
 * @param module - Module whose table has the `Version` and the token types of each operation
 * @param options - Options of every call; the `signal` of a single call counts too
 * @returns An openapi-fetch client
 * @throws {ConfigurationError} `ERR_GHL_CONFIGURATION` when an option is invalid
 * @example
 * ```ts
 * import { createClient } from "@ghl-edge/client";
 * import { createRaw } from "@ghl-edge/client/raw";
 * import { Contacts } from "@ghl-edge/client/v3/contacts";
 * import type { paths } from "@ghl-edge/client/v3/contacts";
 *
 * const client = createClient({ auth: "pit-..." });
 * const raw = createRaw<paths>(client, Contacts);
 * const { data, error } = await raw.GET("/contacts/{contactId}", { params: { path: { contactId: "ocQHyuzHvysMo5N5VsXc" } } });
 * console.log(data ?? error);
 * ```
 */
export function createRaw<Paths extends object>(
  handle: Handle,
  module: OperationTable,
  options: CallOptions = {},
): RawClient<Paths> {
  settingsOf({}, options, { operation: "createRaw" });
  mergeHeaders(options.headers);
  const match = createRouteMatcher(() =>
    Object.entries(module.operations).map(([name, row]) => ({
      name,
      row,
      method: row.m ?? "GET",
      path: row.p,
      api: module.api,
    })),
  );
  const send = async (request: Request): Promise<Response> => {
    const { method, signal } = request;
    const { pathname, search } = new URL(request.url);
    const route = match(method, pathname);
    const version = route?.row.v ?? module.version;
    const content = await request.arrayBuffer();
    const context = { operation: `${module.module}.${route?.name ?? method}`, method, path: route?.path ?? pathname };
    return handle.exchange(
      {
        context,
        url: pathname + search,
        server: module.api ? HOST : (route?.row.h ?? module.server),
        headers: { ...(version && { version }), ...Object.fromEntries(request.headers) },
        body: content.byteLength > 0 ? content : undefined,
        acceptedTokenTypes: route ? (route.row.k ?? module.tokens) : "?",
        resource: handle.resource,
        options: { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal },
      },
      async (response, _token, text) => {
        // never ends by itself: the caller reads it with `parseAs: "stream"`
        if (response.ok && /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) return response;
        const hasBody = !NULL_BODY.includes(response.status);
        if (isRedirect(response)) throw errorOf(response, "", { context, now: Date.now });
        const body = text ?? (await response.arrayBuffer());
        return new Response(hasBody ? body : null, response);
      },
    );
  };
  const raw = createFetchClient<Paths>({
    // The client's own base URL replaces it when the call is sent.
    baseUrl: "http://localhost",
    pathSerializer: (path, params) => urlOf(params, { ...CONTEXT, path }),
    bodySerializer: writeBody,
    fetch: send,
  });
  const methods = raw as unknown as Record<(typeof NAMES)[number], (...args: unknown[]) => Promise<unknown>>;
  for (const name of NAMES) {
    const call = methods[name];
    const initIndex = name === "request" ? 2 : 1;
    methods[name] = async (...args) => {
      const init: RawInit = Object(args[initIndex]);
      const { params, headers, fetch = send } = init;
      checkHeaders(headers);
      checkHeaders(params?.header);
      let response: Response | undefined;
      args[initIndex] = {
        ...init,
        ...(params?.query && { params: { ...params, query: writableQuery(params.query) } }),
        fetch: async (request: Request) => (response = await fetch(request)),
      };
      try {
        return await call(...args);
      } catch (cause) {
        // The message of that error quotes the answer.
        if (!(cause instanceof SyntaxError && response?.ok)) throw cause;
        const path = String(args[initIndex - 1]);
        throw errorOf(response, "", { context: { operation: `${module.module}.${name}`, path }, now: Date.now });
      }
    };
  }
  return raw;
}
