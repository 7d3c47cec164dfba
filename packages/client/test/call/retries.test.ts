import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../src/call/retry.ts";
import { NetworkError, RateLimitError, ServerError } from "../../src/index.ts";
import { fakeServer, json, type Reply, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  () =>
    json({}, { status: code, headers });
const ok: Reply = () => json({ ok: true });
const cut: Reply = () => Promise.reject(new TypeError("fetch failed"));
/** 200, then the connection breaks in the middle of the body. */
const cutBody: Reply = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a":'));
        controller.error(new TypeError("terminated"));
      },
    }),
  );
const failures: [string, Reply][] = [
  ["500", status(500)],
  ["503", status(503)],
  ["a network error", cut],
  ["an answer cut off", cutBody],
];

describe.each(failures)("%s", (_, failure) => {
  it.each(["getPet", "replacePet", "deletePet"] as const)("a failed call is retried for %s", async (name) => {
    const { client, sent, slept } = fakeServer([failure, failure, ok]);
    expect(await client.use(Pets)[name]({ petId: "1", body: { a: 1 } })).toEqual({ ok: true });
    expect(sent).toHaveLength(3);
    expect(slept).toEqual([250, 500]);
    expect(sent[2]!.body).toEqual(sent[0]!.body);
  });

  it.each(["createPet", "patchPet"] as const)(
    "a failed call is not retried for %s, which may have been executed",
    async (name) => {
      const { client, sent } = fakeServer([failure, ok]);
      const error = await rejection(client.location("L").use(Pets)[name]({ petId: "1", body: {} }));
      expect(error).toBeInstanceOf(Error);
      expect(sent).toHaveLength(1);
    },
  );

  it("a failed call is retried for a POST that the caller calls idempotent", async () => {
    const { client, sent } = fakeServer([failure, ok]);
    await client.location("L").use(Pets).createPet({ body: {} }, { idempotent: true });
    expect(sent).toHaveLength(2);
  });

  it("a failed call ends after maxAttempts, where the call's option wins over the client's", async () => {
    const { client, sent } = fakeServer(failure, { retry: { maxAttempts: 5 } });
    await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(sent).toHaveLength(5);
    await rejection(client.use(Pets).getPet({ petId: "1" }, { retry: { maxAttempts: 2 } }));
    expect(sent).toHaveLength(7);
    await rejection(client.use(Pets).getPet({ petId: "1" }, { retry: false }));
    expect(sent).toHaveLength(8);
  });
});

it("a failed call gives the last failure, with the error of fetch as cause", async () => {
  const { client } = fakeServer([status(500), cut]);
  const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as NetworkError;
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ code: "ERR_GHL_NETWORK", operation: "pets.getPet", path: "/pets/{petId}" });
  expect(error.cause).toBeInstanceOf(TypeError);
});

it.each([400, 401, 403, 404, 409, 422])("%i is not retried", async (code) => {
  const { client, sent } = fakeServer([status(code), ok]);
  await rejection(client.use(Pets).getPet({ petId: "1" }));
  expect(sent).toHaveLength(1);
});

it("a failed call frees the body of an answer that it does not read", async () => {
  let cancelled = false;
  const body = new ReadableStream({
    cancel: () => {
      cancelled = true;
    },
  });
  const { client } = fakeServer([() => new Response(body, { status: 500 }), ok]);
  await client.use(Pets).getPet({ petId: "1" });
  expect(cancelled).toBe(true);
});

describe("429", () => {
  it("a 429 is retried for a POST too, after a whole interval", async () => {
    const { client, sent, slept } = fakeServer([status(429, { "X-RateLimit-Interval-Milliseconds": "4000" }), ok]);
    await client.location("L").use(Pets).createPet({ body: {} });
    expect(sent).toHaveLength(2);
    expect(slept).toEqual([4250]);
  });

  it("a 429 waits ten seconds where the answer says nothing", async () => {
    const { client, slept } = fakeServer([status(429), ok]);
    await client.use(Pets).getPet({ petId: "1" });
    expect(slept).toEqual([10_250]);
  });

  it.each([
    ["seconds", "3", 3250],
    ["a date", "Sat, 21 Nov 2026 12:00:05 GMT", 5250],
    ["a date gone by", "Sat, 21 Nov 2026 11:00:00 GMT", 250],
    ["nonsense", "soon", 10_250],
    ["a negative number", "-5", 250],
  ])("a 429 honours Retry-After in %s", async (_, value, expected) => {
    const { client, slept } = fakeServer([status(429, { "Retry-After": value }), ok]);
    await client.use(Pets).getPet({ petId: "1" });
    expect(slept).toEqual([expected]);
  });

  it("a 429 gets eight attempts, since it executes nothing, and the number that the caller requested", async () => {
    const { client, sent } = fakeServer(status(429));
    await rejection(client.location("L").use(Pets).createPet({ body: {} }));
    expect(sent).toHaveLength(8);
    await rejection(client.use(Pets).getPet({ petId: "1" }, { retry: { maxAttempts: 2 } }));
    expect(sent).toHaveLength(10);
  });

  it("a client spreads the calls after a 429 over what is left up to maxDelayMs, so that they do not return together", async () => {
    const waits = [0, 0.25, 0.5, 0.75].map((random) =>
      retryDelayMs(
        7,
        { status: 429, headers: new Headers() },
        {
          idempotent: true,
          retry: undefined,
          now: () => 0,
          random: () => random,
        },
      ),
    );
    expect(waits).toEqual([10_000, 12_500, 15_000, 17_500]);
  });

  it("a 429 is not retried when the day is used up", async () => {
    const { client, sent } = fakeServer([status(429, { "X-RateLimit-Daily-Remaining": "0", "Retry-After": "1" }), ok]);
    const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as RateLimitError;
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.rateLimit.scope).toBe("daily");
    expect(sent).toHaveLength(1);
  });

  it("a 429 is not retried when HighLevel asks for more than maxDelayMs", async () => {
    const { client, sent } = fakeServer([status(429, { "Retry-After": "21" }), ok]);
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toMatchObject({ retryAfterMs: 21_000 });
    expect(sent).toHaveLength(1);
  });
});

it("a client honours Retry-After of a 503", async () => {
  const { client, slept } = fakeServer([status(503, { "Retry-After": "2" }), ok]);
  await client.use(Pets).getPet({ petId: "1" });
  expect(slept).toEqual([2250]);
});

it("a retry does not wait past the deadline, but reports what went wrong", async () => {
  const { client, sent, slept } = fakeServer([status(500), status(429)], { deadlineMs: 5000 });
  expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(RateLimitError);
  expect(sent).toHaveLength(2);
  expect(slept).toEqual([250]);
  // each of the waits is 10 s and some jitter: the fourth would end past the deadline
  expect(await rejection(client.use(Pets).getPet({ petId: "1" }, { deadlineMs: 40_000 }))).toBeInstanceOf(
    RateLimitError,
  );
  expect(sent).toHaveLength(6);
});

it("a retry keeps every wait within its bounds", () => {
  const retry = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 12 }),
    baseDelayMs: fc.integer({ min: 0, max: 5000 }),
    maxDelayMs: fc.integer({ min: 0, max: 60_000 }),
  });
  const header = fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined });
  fc.assert(
    fc.property(
      retry,
      fc.integer({ min: 1, max: 15 }),
      fc.boolean(),
      fc.constantFrom(undefined, 429, 500, 503, 400, 404),
      header,
      header,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (policy, attempt, idempotent, code, retryAfterS, intervalMs, random) => {
        const headers = new Headers();
        if (retryAfterS !== undefined) headers.set("Retry-After", `${retryAfterS}`);
        if (intervalMs !== undefined) headers.set("X-RateLimit-Interval-Milliseconds", `${intervalMs}`);
        const response = code === undefined ? undefined : { status: code, headers };
        const delayMs = retryDelayMs(attempt, response, {
          idempotent,
          retry: policy,
          now: () => 0,
          random: () => random,
        });
        if (delayMs === undefined) return;
        expect(attempt).toBeLessThan(policy.maxAttempts);
        expect(code === 429 || (idempotent && !(code! < 500))).toBe(true);
        expect(delayMs).toBeLessThanOrEqual(policy.maxDelayMs);
        const dictatedMs =
          response && (retryAfterS !== undefined ? retryAfterS * 1000 : code === 429 ? (intervalMs ?? 10_000) : 0);
        expect(delayMs).toBeGreaterThanOrEqual(dictatedMs ?? 0);
        expect(delayMs).toBeLessThanOrEqual((dictatedMs ?? 0) + policy.baseDelayMs * 2 ** (attempt - 1));
      },
    ),
    { numRuns: 1000 },
  );
});

it("a client does not hide a ServerError behind its retries", async () => {
  const { client } = fakeServer(status(500));
  expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(ServerError);
});
