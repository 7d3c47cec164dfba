import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { numberProblem } from "@ghl-edge/core";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import { isConnectionReset } from "../faults/connection-reset.ts";
import { readUpload } from "./upload.ts";

/** Address that `serve` listens on. */
export interface ServeOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: an emulator opens nothing to the network unless you set this. */
  readonly hostname?: string;
}

/** A server that `serve` started. */
export interface RunningServer {
  /** `http://127.0.0.1:4010`, without a trailing slash. */
  readonly url: string;
  /** Stops it, ends open connections, and cancels pending webhooks. */
  close(): Promise<void>;
}

/** RFC 9293 section 3.1: ports have 16 bits. */
const MAX_PORT = 65_535;

/** A handler of requests, such as an emulator. */
export interface FetchHandler {
  /**
   * Answers one request.
   *
   * @param request - The request
   * @returns The answer
   */
  fetch(request: Request): Promise<Response>;
  /** The emulator's webhooks: pending retries would keep the process alive for hours, so closing cancels them. */
  readonly webhooks?: { cancelPending(): void };
}

function toRequest(message: IncomingMessage, stream: ReadableStream<Uint8Array>, signal: AbortSignal): Request {
  const method = message.method ?? "GET";
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  const url = new URL(message.url ?? "/", `http://${message.headers.host ?? "localhost"}`);
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers, signal });
  // `duplex` is required by fetch for a streamed body and missing in the DOM types
  const init = { method, headers, body: stream, duplex: "half", signal };
  return new Request(url, init);
}

/** Piece by piece as they come. @throws what the body throws, or an AbortError when the caller has left. */
async function send(body: NodeReadableStream<Uint8Array>, reply: ServerResponse, left: AbortSignal): Promise<void> {
  reply.flushHeaders();
  for await (const piece of body) {
    left.throwIfAborted();
    if (!reply.write(piece)) await once(reply, "drain", { signal: left });
  }
  reply.end();
}

async function answer(handler: FetchHandler, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const left = new AbortController();
  reply.once("close", () => left.abort());
  const upload = readUpload(message);
  const response = await handler.fetch(toRequest(message, upload.stream, left.signal));
  await upload.finish();
  // Cookies are the one header that may not be joined into a line.
  const cookies = response.headers.getSetCookie();
  const headers = Object.fromEntries(response.headers);
  reply.writeHead(response.status, cookies.length > 0 ? { ...headers, "set-cookie": cookies } : headers);
  if (response.body === null) reply.end();
  else await send(response.body as NodeReadableStream<Uint8Array>, reply, left.signal);
}

function listen(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/**
 * Serves an emulator (or any fetch-style handler) over HTTP on this machine.
 *
 * @param handler - Emulator, or any object with a `fetch` method
 * @param options - Address to listen on. Default: `127.0.0.1` and any free port
 * @returns The running server with its URL
 * @throws {EmulatorConfigurationError} when an option has an impossible value
 * @throws the system's error, such as `EADDRINUSE`, when the port is taken
 * @example
 * ```ts
 * import { createEmulator } from "@ghl-edge/emulator";
 * import { serve } from "@ghl-edge/emulator/node";
 *
 * const server = await serve(createEmulator(), { port: 0 });
 * console.log(`HighLevel is at ${server.url}`);
 * await server.close();
 * ```
 */
export async function serve(handler: FetchHandler, options: ServeOptions = {}): Promise<RunningServer> {
  const { hostname = "127.0.0.1", port: requestedPort = 0 } = options;
  const problem = numberProblem("port", requestedPort, { min: 0, max: MAX_PORT, integer: true });
  if (problem !== undefined) throw new EmulatorConfigurationError(problem);
  if (typeof hostname !== "string" || hostname === "")
    throw new EmulatorConfigurationError("hostname must be a host name or an address");
  const server = createServer((message, reply) => {
    answer(handler, message, reply).catch((error: unknown) => {
      // An emulated reset, or an answer that broke off: an orderly end would look like a whole answer.
      if (reply.headersSent) message.socket.destroySoon();
      else if (isConnectionReset(error)) message.socket.resetAndDestroy();
      else reply.writeHead(500).end();
    });
  });
  await listen(server, requestedPort, hostname);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${hostname}:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
        handler.webhooks?.cancelPending();
      }),
  };
}
