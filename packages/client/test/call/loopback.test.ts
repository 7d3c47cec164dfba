import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ClientOptions, createClient, NetworkError, TimeoutError } from "../../src/index.ts";
import { rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const servers: ReturnType<typeof createServer>[] = [];

/** A real server on a free port; handlers answer the requests in turn, the last one the rest. */
async function serve(...handlers: Handler[]) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handlers[Math.min(seen.length, handlers.length) - 1]!(request, response, seen.length);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientOf = (options: Partial<ClientOptions> = {}) =>
    createClient({ auth: "t", baseUrl, retry: { baseDelayMs: 1 }, ...options }).use(Pets);
  return { seen, clientOf };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const ok: Handler = (_, response) => response.setHeader("content-type", "application/json").end('{"ok":true}');
const hang: Handler = () => {};
const reset: Handler = (request) => request.socket.destroy();
const cutBody: Handler = (_, response) => {
  response.setHeader("content-length", "100").write('{"ok":');
  setImmediate(() => response.destroy());
};
const slowBody: Handler = (_, response) => void response.setHeader("content-length", "100").write('{"ok":');

describe("a client over a real connection", () => {
  it("a client over a real connection sends what it should", async () => {
    let body = "";
    const { seen, clientOf } = await serve((request, response) => {
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => ok(request, response, 1));
    });
    expect(await clientOf().createPet({ body: { locationId: "L", name: "Zoë" } })).toEqual({ ok: true });
    expect(JSON.parse(body)).toEqual({ locationId: "L", name: "Zoë" });
    expect(seen[0]!.headers).toMatchObject({
      authorization: "Bearer t",
      version: "v3",
      "content-type": "application/json",
    });
  });

  it("a client over a real connection sends multipart with a boundary, again after a 429", async () => {
    const bodies: string[] = [];
    const { clientOf } = await serve((request, response, count) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        bodies.push(`${request.headers["content-type"]}\n${body}`);
        if (count === 1) response.writeHead(429, { "retry-after": "0" }).end();
        else ok(request, response, count);
      });
    });
    await clientOf().upload({ body: { file: new Blob(["hello"]), name: "n" } });
    expect(bodies).toHaveLength(2);
    for (const body of bodies) {
      expect(body).toMatch(/^multipart\/form-data; boundary=/);
      expect(body).toContain("hello");
    }
  });

  it.each<[string, Handler]>([
    ["a connection reset", reset],
    ["a body cut off", cutBody],
  ])("a client over a real connection retries a GET after %s, and not a POST", async (_, handler) => {
    const get = await serve(handler, ok);
    expect(await get.clientOf().getPet({ petId: "1" })).toEqual({ ok: true });
    expect(get.seen).toHaveLength(2);
    const post = await serve(handler, ok);
    expect(await rejection(post.clientOf().createPet({ body: { locationId: "L" } }))).toBeInstanceOf(NetworkError);
    expect(post.seen).toHaveLength(1);
  });

  it("a call fails where nobody listens", async () => {
    await serve(ok);
    const closed = servers.pop()!;
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const baseUrl = `http://127.0.0.1:${port}/base`;
    const client = createClient({ auth: "t", baseUrl, retry: false }).use(Pets);
    const error = (await rejection(client.getPet({ petId: "1" }))) as NetworkError;
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toBe(`pets.getPet: 127.0.0.1:${port} did not answer completely: ECONNREFUSED`);
  });

  it.each<[string, Handler, RegExp]>([
    ["a connection reset", reset, /ECONNRESET|UND_ERR_SOCKET/],
    ["a body cut off", cutBody, /UND_ERR_SOCKET|ECONNRESET/],
  ])("a network error names host and reason of %s, and neither query nor token", async (_, handler, reason) => {
    const { clientOf } = await serve(handler);
    const call = clientOf({ auth: "pit-secret", retry: false }).findPets({ locationId: "L-secret" });
    const { message } = (await rejection(call)) as NetworkError;
    expect(message).toMatch(/^pets.findPets: 127\.0\.0\.1:\d+ did not answer completely: [A-Z_]+$/);
    expect(message).toMatch(reason);
  });
});

describe("a time limit", () => {
  it.each<[string, Handler]>([
    ["no answer", hang],
    ["a body that does not end", slowBody],
    ["a 401 whose body does not end", (_, response) => void response.writeHead(401).write("x")],
    ["a huge answer that does not end", (_, response) => void response.writeHead(200).write(" ".repeat(5_000_000))],
    [
      "an error whose body does not end",
      (_, response) => void response.writeHead(400, { "content-length": 9 }).write("x"),
    ],
  ])("a time limit ends %s", async (_, handler) => {
    const { clientOf } = await serve(handler);
    const error = await rejection(clientOf({ timeoutMs: 30, retry: false }).getPet({ petId: "1" }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "ERR_GHL_TIMEOUT", timeoutMs: 30, operation: "pets.getPet" });
  });

  it("a time limit is for one attempt: a GET is sent again, a POST is not", async () => {
    const get = await serve(hang, ok);
    expect(await get.clientOf({ timeoutMs: 200 }).getPet({ petId: "1" })).toEqual({ ok: true });
    const post = await serve(hang, ok);
    const call = post.clientOf({ timeoutMs: 30 }).createPet({ body: { locationId: "L" } });
    expect(await rejection(call)).toBeInstanceOf(TimeoutError);
    expect(post.seen).toHaveLength(1);
  });

  it("a time limit for the whole call covers all attempts", async () => {
    const { clientOf } = await serve(hang);
    const error = await rejection(clientOf({ deadlineMs: 50 }).getPet({ petId: "1" }));
    expect(error).toMatchObject({ code: "ERR_GHL_TIMEOUT", timeoutMs: 50 });
  });

  it.each(["a fetch", "a token provider", "a rate limiter", "a sleep"])(
    "a time limit ends %s that heeds no signal",
    async (what) => {
      const never = () => new Promise<never>(() => {});
      const { clientOf } = await serve((_, response) => response.writeHead(500).end());
      const client = clientOf({
        ...(what === "a fetch" && { fetch: never, timeoutMs: 30, retry: false }),
        ...(what === "a token provider" && { auth: { getAccessToken: never } }),
        ...(what === "a rate limiter" && { rateLimiter: { acquire: never } }),
        ...(what === "a sleep" && { sleep: never, retry: { baseDelayMs: 0 } }),
        deadlineMs: 60,
      });
      expect(await rejection(client.getPet({ petId: "1" }))).toBeInstanceOf(TimeoutError);
    },
  );

  it.each([Infinity, 2 ** 31])("a time limit of %d is no limit", async (timeoutMs) => {
    const { clientOf } = await serve((request, response) => setTimeout(() => ok(request, response, 1), 20));
    expect(await clientOf({ timeoutMs, deadlineMs: timeoutMs }).getPet({ petId: "1" })).toEqual({ ok: true });
  });
});

describe("a signal", () => {
  it.each<[string, Handler]>([
    ["before the answer", hang],
    ["in the body", slowBody],
    ["while waiting to try again", (_, response) => response.writeHead(503, { "retry-after": "10" }).end()],
  ])("a signal ends the call %s, with its own reason", async (_, handler) => {
    const controller = new AbortController();
    const { seen, clientOf } = await serve((...args) => {
      handler(...args);
      setTimeout(() => controller.abort(reason), 20);
    });
    const reason = new Error("user left");
    expect(await rejection(clientOf().getPet({ petId: "1" }, { signal: controller.signal }))).toBe(reason);
    expect(seen).toHaveLength(1);
  });

  it("a signal that is aborted before the call sends nothing and requests no token", async () => {
    let requested = 0;
    const { seen, clientOf } = await serve(ok);
    const auth = { getAccessToken: () => `t${++requested}` };
    const error = await rejection(clientOf({ auth }).getPet({ petId: "1" }, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: "AbortError" });
    expect([seen.length, requested]).toEqual([0, 0]);
  });

  it("a signal that outlives its calls keeps no listener of theirs", async () => {
    const { clientOf } = await serve(ok);
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: unknown[]) => {
      listeners++;
      Reflect.apply(addEventListener, signal, args);
    };
    signal.removeEventListener = (...args: unknown[]) => {
      listeners--;
      Reflect.apply(removeEventListener, signal, args);
    };
    for (let i = 0; i < 3; i++) await clientOf().getPet({ petId: "1" }, { signal });
    expect(listeners).toBe(0);
  });
});
