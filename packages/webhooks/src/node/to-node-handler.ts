import type { WebhookHandler } from "../handler/handler-options.ts";
import { nodeBody } from "./node-body.ts";
import type { NodeRequest, NodeResponse } from "./node-message.ts";

/** For `createServer` of `node:http`, and for a route of Express, Connect or any other server that is built on it. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/** A name or an address, with its port if it has one (RFC 9110, section 7.2). Node hands over whatever the header says. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** The path is that of the request line: a host such as `a/secret?`, or an empty one, would put another in its place. */
function urlOf({ headers, url = "/", originalUrl = url }: NodeRequest): string {
  const path = originalUrl.startsWith("/") ? originalUrl : "/";
  const host = String(headers.host ?? "");
  const full = `http://${host}${path}`;
  return HOST.test(host) && URL.canParse(full) ? full : `http://localhost${path}`;
}

function headersOf({ headers }: NodeRequest): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2 has pseudo-headers, which begin with a colon.
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
  // `duplex` is required for a stream and missing in TypeScript's library.
  return new Request(urlOf(request), { ...init, body, duplex: "half" } as RequestInit);
}

async function send(answer: Response, { headers }: NodeRequest, response: NodeResponse): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  // A request that has not ended would hold its connection (RFC 9110, section 15.5.9). HTTP/2 has no such header.
  if (answer.status === 408 && headers[":path"] === undefined) response.setHeader("connection", "close");
  response.end(new Uint8Array(await answer.arrayBuffer()));
}

/**
 * Makes a listener of Node's out of a handler of this package, and keeps the bytes that were signed. It reads the request's stream, or
 * takes `rawBody` or a `body` of bytes where a parser has left them. Where a parser such as `express.json()` has used up the body the
 * answer is 500, and the error says what to do. Your functions get the Node request and response as `context.args`.
 *
 * @example
 * createServer(toNodeHandler(createWebhookHandler({ appId: "5f0000000000000000000001" })));
 */
export function toNodeHandler(handler: WebhookHandler<readonly [NodeRequest, NodeResponse]>): NodeHandler {
  return async (request, response) => {
    try {
      await send(await handler(toRequest(request), request, response), request, response);
    } catch {
      // The handler itself never rejects: a method or a header that no Request can have, or a response that somebody has ended.
      if (response.headersSent) return;
      response.statusCode = 400;
      response.end();
    }
  };
}
