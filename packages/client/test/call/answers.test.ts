import { describe, expect, it } from "vitest";
import {
  ApiError,
  AuthenticationError,
  BadRequestError,
  GhlError,
  InvalidResponseError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  ValidationError,
} from "../../src/index.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const reply = (body: string | null, init?: ResponseInit) => () => new Response(body, init);

describe("an answer of 2xx", () => {
  it("an answer of 2xx is parsed whatever its content type says", async () => {
    const { client } = fakeServer(reply('{"a":1}', { status: 201, headers: { "content-type": "text/plain" } }));
    expect(await client.use(Pets).getPet({ petId: "1" })).toEqual({ a: 1 });
  });

  it.each([
    ["204 to a GET", "getPet", 204],
    ["empty 200 to a DELETE", "deletePet", 200],
    ["empty 201 to a PUT", "replacePet", 201],
  ] as const)("%s is undefined", async (_, name, status) => {
    const { client } = fakeServer(() => new Response(null, { status }));
    expect(await client.use(Pets)[name]({ petId: "1" })).toBeUndefined();
  });

  it.each([
    ["empty 200 to a GET", ""],
    ["HTML", "<html>Just a moment...</html>"],
    ["JSON cut off", '{"a":'],
  ])("%s is an InvalidResponseError, and is not retried", async (_, body) => {
    const { client, sent } = fakeServer(reply(body, { headers: { "x-request-id": "r1" } }));
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ code: "ERR_GHL_INVALID_RESPONSE", status: 200, requestId: "r1" });
    expect((error as InvalidResponseError).body).toBe(body || undefined);
    expect(sent).toHaveLength(1);
  });

  it("an answer of 2xx is a Blob for a binary operation, empty or not", async () => {
    const { client, sent } = fakeServer([reply("\u0000\u0001"), reply("")]);
    const pets = client.use(Pets);
    const photo = (await pets.photo({ petId: "1" })) as Blob;
    expect(new Uint8Array(await photo.arrayBuffer())).toEqual(new Uint8Array([0, 1]));
    expect(await pets.photo({ petId: "1" })).toHaveProperty("size", 0);
    expect(sent[0]!.headers.accept).toBe("*/*");
  });
});

describe("an answer without content", () => {
  it.each([200, 201, 202, 204])("%i is undefined after a POST, a PUT and a DELETE", async (status) => {
    const { client } = fakeServer(() => new Response(status === 204 ? null : "", { status }));
    const pets = client.location("L1").use(Pets);
    expect(await pets.createPet({ body: {} })).toBeUndefined();
    expect(await pets.replacePet({ petId: "1", body: {} })).toBeUndefined();
    expect(await pets.deletePet({ petId: "1" })).toBeUndefined();
  });

  it("a 204 with content gives the content, from a fetch that lets it through", async () => {
    const answer = { ok: true, status: 204, headers: new Headers(), text: async () => '{"gone":true}' } as Response;
    const { client } = fakeServer(() => answer);
    expect(await client.use(Pets).deletePet({ petId: "1" })).toEqual({ gone: true });
  });
});

describe("an error by status", () => {
  it.each([
    [400, BadRequestError, "ERR_GHL_BAD_REQUEST"],
    [401, AuthenticationError, "ERR_GHL_AUTHENTICATION"],
    [403, PermissionError, "ERR_GHL_PERMISSION"],
    [404, NotFoundError, "ERR_GHL_NOT_FOUND"],
    [409, ApiError, "ERR_GHL_API"],
    [422, ValidationError, "ERR_GHL_VALIDATION"],
    [429, RateLimitError, "ERR_GHL_RATE_LIMIT"],
    [500, ServerError, "ERR_GHL_SERVER"],
    [503, ServerError, "ERR_GHL_SERVER"],
  ])("an answer with the status %i has the error class of that status", async (status, type, code) => {
    const { client } = fakeServer(() => json({ message: "no", traceId: "t1" }, { status }), { retry: false });
    const error = (await rejection(client.use(Pets).deletePet({ petId: "private-id" }))) as ApiError;
    expect(error).toBeInstanceOf(type);
    expect(error).toBeInstanceOf(GhlError);
    expect(error).toMatchObject({
      code,
      status,
      traceId: "t1",
      operation: "pets.deletePet",
      method: "DELETE",
      path: "/pets/{petId}",
      messages: ["no"],
      body: { message: "no", traceId: "t1" },
      message: `pets.deletePet: DELETE /pets/{petId} was answered ${status}: no`,
    });
  });

  it("an error by status names the scopes of the operation, for a token that lacks one", async () => {
    const refusal = { statusCode: 401, message: "The token is not authorized for this scope." };
    const { client } = fakeServer(() => json(refusal, { status: 401 }));
    const pets = client.use(Pets);
    expect(await rejection(pets.getPet({ petId: "1" }))).toMatchObject({ scopes: ["pets.readonly"] });
    expect(await rejection(pets.deletePet({ petId: "1" }))).toHaveProperty("scopes", undefined);
  });

  it.each([
    ["v2, a text", { statusCode: 400, message: "bad" }, ["bad"]],
    ["v2, a list", { statusCode: 422, message: ["a", "b"], error: "Unprocessable" }, ["a", "b"]],
    ["v3", { error: { code: "X", message: "deep", details: [] } }, ["deep"]],
    [
      "OAuth",
      { error: "UnAuthorized!", error_description: "Authorization code not found" },
      ["Authorization code not found"],
    ],
    ["OAuth, short", { error: "invalid_grant" }, ["invalid_grant"]],
    ["something else", { message: { no: "text" } }, []],
    ["an array", [1, 2], []],
    ["null", null, []],
  ])("an error by status finds the messages of %s", async (_, body, messages) => {
    const { client } = fakeServer(() => json(body, { status: 400 }));
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toMatchObject({ messages, body });
  });

  it.each([
    ["an empty 500", "", undefined],
    ["an HTML 502", "<html>Bad gateway</html>", "<html>Bad gateway</html>"],
  ])("%s is a ServerError with what came", async (_, text, body) => {
    const { client } = fakeServer(reply(text, { status: text ? 502 : 500 }), { retry: false });
    const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as ServerError;
    expect(error).toBeInstanceOf(ServerError);
    expect(error.body).toBe(body);
    expect(error.messages).toEqual([]);
    expect(error.message).not.toContain("html");
  });

  const big = "<p>x</p>".repeat(700_000);
  const bigAnswers: [string, unknown][] = [
    ["an HTML page", big],
    ["JSON with a long message", JSON.stringify({ message: big, traceId: big })],
    ["JSON with many messages", JSON.stringify({ message: Array(100_000).fill("no"), traceId: { big } })],
    ["JSON with a long message that fits", JSON.stringify({ error: { message: big.slice(0, 50_000) } })],
  ];
  it.each(bigAnswers)("%s of 5 MB does not get into a log line", async (_, text) => {
    let read = 0;
    const bytes = new TextEncoder().encode(text as string);
    const answer = () => {
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const chunk = bytes.subarray(read, read + 16_384);
            read += chunk.length;
            if (chunk.length > 0) controller.enqueue(chunk);
            else controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body, { status: 400 });
    };
    const { client } = fakeServer(answer);
    const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as BadRequestError;
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.message.length).toBeLessThan(11_000);
    expect(JSON.stringify(error).length).toBeLessThan(25_000);
    expect(JSON.stringify(error.body).length).toBeLessThan(130_000);
    expect(read).toBeLessThan(100_000);
  });

  it("an error that quotes the token at the cut has no part of it", async () => {
    for (const length of [59_990, 59_999, 65_530]) {
      const { client } = fakeServer(reply("x".repeat(length) + "pit-secret".repeat(1000), { status: 400 }));
      const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as BadRequestError;
      expect(error.body as string).not.toContain("pit-s");
    }
  });

  it("an error by status reads the rate limit with its units", async () => {
    const { client } = fakeServer(
      () =>
        json(
          {},
          {
            status: 429,
            headers: {
              "X-RateLimit-Limit-Daily": "200000",
              "X-RateLimit-Daily-Remaining": "0",
              "X-RateLimit-Interval-Milliseconds": "10000",
              "X-RateLimit-Max": "100",
              "X-RateLimit-Remaining": "99",
              "X-RateLimit-Daily-Reset": "84322000",
              "Retry-After": "7",
            },
          },
        ),
      { retry: false },
    );
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toMatchObject({
      retryAfterMs: 7000,
      rateLimit: {
        scope: "daily",
        burstLimit: 100,
        burstRemaining: 99,
        intervalMs: 10_000,
        dailyLimit: 200_000,
        dailyRemaining: 0,
        dailyResetMs: 84_322_000,
      },
    });
  });
});

describe("rateLimit.scope", () => {
  const scopeOf = async (status: number, headers: Record<string, string> = {}) => {
    const { client } = fakeServer(() => json({}, { status, headers }), { retry: false });
    return ((await rejection(client.use(Pets).getPet({ petId: "1" }))) as ApiError).rateLimit.scope;
  };

  it.each([400, 401, 403, 404, 500])("rateLimit.scope is absent after %s, which no limit caused", async (status) => {
    expect(await scopeOf(status)).toBeUndefined();
    const spent = { "X-RateLimit-Remaining": "0", "X-RateLimit-Daily-Remaining": "0" };
    expect(await scopeOf(status, spent)).toBeUndefined();
  });

  it("rateLimit.scope names the limit that a 429 met: the day's where nothing is left of the day", async () => {
    expect(await scopeOf(429)).toBe("burst");
    expect(await scopeOf(429, { "X-RateLimit-Daily-Remaining": "5" })).toBe("burst");
    expect(await scopeOf(429, { "X-RateLimit-Daily-Remaining": "0" })).toBe("daily");
  });
});

describe("an error in a log", () => {
  const leak = async (body: string, status = 400) => {
    const { client } = fakeServer(reply(body, { status }), { auth: "pit-secret", retry: false });
    return (await rejection(
      client.use(Pets).replacePet({ petId: "id-of-caller", body: { email: "a@caller.test" } }),
    )) as GhlError & { body?: unknown };
  };

  it("an error in a log says neither the token nor what the caller sent, even if the answer quotes the token", async () => {
    for (const status of [200, 400, 401, 500]) {
      const error = await leak('{"message":"token pit-secret of id', status);
      const all = [error.message, error.stack, JSON.stringify(error), JSON.stringify(error.body)].join();
      expect(all).not.toContain("pit-secret");
      expect(all).not.toContain("id-of-caller");
      expect(all).not.toContain("a@caller.test");
    }
  });

  it("an error in a log is written by JSON.stringify, without the body", async () => {
    const error = await leak('{"message":"no","email":"b@answer.test"}');
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: "GhlError",
      code: "ERR_GHL_BAD_REQUEST",
      message: "pets.replacePet: PUT /pets/{petId} was answered 400: no",
      operation: "pets.replacePet",
      status: 400,
    });
    expect(JSON.stringify(error)).not.toContain("b@answer.test");
    expect(Object.keys(error)).not.toContain("body");
    expect(error.body).toMatchObject({ email: "b@answer.test" });
  });
});
