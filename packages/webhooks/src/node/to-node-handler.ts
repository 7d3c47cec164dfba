import type { WebhookHandler } from "../handler/handler-options.ts";
import { nodeBody } from "./node-body.ts";
import type { NodeRequest, NodeResponse } from "./node-message.ts";

/** Listener for `createServer` of `node:http`, and for a route of Express, Connect or another server on top of it. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/** Matches a host name or an address with an optional port (RFC 9110, section 7.2). Node does not validate the header. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** Builds the URL with the path of the request line. An invalid host such as `a/secret?`, or an empty one, would change the path. */
function urlOf({ headers, url = "/", originalUrl = url }: NodeRequest): string {
  const path = originalUrl.startsWith("/") ? originalUrl : "/";
  const host = String(headers.host ?? "");
  const full = `http://${host}${path}`;
  return HOST.test(host) && URL.canParse(full) ? full : `http://localhost${path}`;
}

function headersOf({ headers }: NodeRequest): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2 has pseudo-headers, which begin with a colon. They are not headers of a Request.
    if (value === undefined || name.startsWith(":")) continue;
    for (const one of typeof value === "string" ? [value] : value) copy.append(name, one);
  }
  return copy;
}

function toRequest(request: NodeRequest): Request {
  const { method = "GET" } = request;
  const init = { method, headers: headersOf(request) };
  if (method === "GET" || method === "HEAD") return new Request(urlOf(request), init);
  const body = nodeBody(request);
  // A stream requires `duplex`, which TypeScript's library does not declare.
  return new Request(urlOf(request), { ...init, body, duplex: "half" } as RequestInit);
}

async function send(answer: Response, { headers }: NodeRequest, response: NodeResponse): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  // A request that has not ended would block its connection (RFC 9110, section 15.5.9). HTTP/2 has no such header.
  if (answer.status === 408 && headers[":path"] === undefined) response.setHeader("connection", "close");
  response.end(new Uint8Array(await answer.arrayBuffer()));
}

/**
 * Turns a handler of this package into a listener of Node that preserves the signed bytes. It reads the request's stream, or takes
 * `rawBody` or a `body` of bytes from a parser. When a parser such as `express.json()` has consumed the body, the response is 500, and
 * the error explains what to do. Your functions get the Node request and response as `context.args`.
 *
 * @param handler - Result of `createWebhookHandler` or `createGatewayHandler`
 * @returns A listener that never rejects
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createWebhookHandler } from "@ghl-edge/webhooks";
 * import { toNodeHandler } from "@ghl-edge/webhooks/node";
 *
 * const webhooks = createWebhookHandler({ appId: "5f0000000000000000000001" });
 *
 * export const server = createServer(toNodeHandler(webhooks));
 * ```
 */
export function toNodeHandler(handler: WebhookHandler<readonly [NodeRequest, NodeResponse]>): NodeHandler {
  return async (request, response) => {
    try {
      await send(await handler(toRequest(request), request, response), request, response);
    } catch {
      // The handler itself never rejects. The method or a header is invalid for a Request, or the response has already ended.
      if (response.headersSent) return;
      response.statusCode = 400;
      response.end();
    }
  };
}
