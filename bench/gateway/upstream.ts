/**
 * A HighLevel that costs next to nothing: tokens come from the emulator at argv[2], every other answer is one and the same.
 * A process of its own; prints its port, ends with its standard input.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const emulatorUrl = process.argv[2]!;
const ANSWER = JSON.stringify({
  contact: { id: "c0ntact0000000000001", locationId: "lOcAtIoN000000000001", firstName: "Ada", tags: ["a", "b"] },
});
/** Headers of HighLevel's answers. They say that nobody else uses the budget. */
const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "content-length": Buffer.byteLength(ANSWER),
  "x-ratelimit-limit-daily": 1_000_000_000,
  "x-ratelimit-daily-remaining": 1_000_000_000,
  "x-ratelimit-interval-milliseconds": 100,
  "x-ratelimit-max": 10_000,
  "x-ratelimit-remaining": 10_000,
};

async function passOn(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { "content-type": type, authorization } = request.headers;
  const headers = { ...(type && { "content-type": type }), ...(authorization && { authorization }) };
  const body = pieces.length === 0 ? {} : { body: Buffer.concat(pieces) };
  const answer = await fetch(`${emulatorUrl}${request.url}`, { method: request.method ?? "GET", headers, ...body });
  reply.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
  reply.end(await answer.text());
}

const server = createServer((request, reply) => {
  if (request.url?.startsWith("/oauth/")) {
    passOn(request, reply).catch((error: unknown) => reply.writeHead(502).end(String(error)));
    return;
  }
  request.resume();
  request.on("end", () => reply.writeHead(200, HEADERS).end(ANSWER));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on("end", () => process.exit(0));
