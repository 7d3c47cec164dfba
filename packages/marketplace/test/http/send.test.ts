import { resolveRuntime } from "@ghl-edge/core";
import { describe, expect, test } from "vitest";
import { resolveUrl, sendJson } from "../../src/http/send.ts";
import { answer, fakeFetch, fakeSleep, type Reply } from "../fake-fetch.ts";

const NOW = Date.UTC(2026, 10, 21, 10);

function send(
  reply: Reply,
  {
    signal,
    sleep = fakeSleep(() => true).sleep,
  }: { signal?: AbortSignal; sleep?: ReturnType<typeof fakeSleep>["sleep"] } = {},
) {
  const { fetch } = fakeFetch(reply);
  const runtime = resolveRuntime({ fetch, sleep, now: () => NOW });
  return sendJson(runtime, {
    method: "POST",
    url: new URL("https://highlevel.example/path?secret=1"),
    headers: {},
    json: {},
    timeoutMs: 5_000,
    signal,
  });
}

describe("a request", () => {
  test("a request returns the JSON of the answer, or nothing when it is not JSON", async () => {
    expect(await send(answer(201, {}, '{"a":1}'))).toEqual({ status: 201, body: { a: 1 } });
    expect(await send(answer(200, {}, "<html>"))).toEqual({ status: 200, body: undefined });
    expect(await send(new Response(null, { status: 204 }))).toEqual({ status: 204, body: undefined });
  });

  test.each([
    [301, "ERR_GHL_MARKETPLACE_REDIRECT", true],
    [302, "ERR_GHL_MARKETPLACE_REDIRECT", true],
    [303, "ERR_GHL_MARKETPLACE_REDIRECT", true],
    [308, "ERR_GHL_MARKETPLACE_REDIRECT", true],
    [400, "ERR_GHL_MARKETPLACE_REFUSED", false],
    [401, "ERR_GHL_MARKETPLACE_CREDENTIALS", false],
    [403, "ERR_GHL_MARKETPLACE_CREDENTIALS", false],
    [429, "ERR_GHL_MARKETPLACE_RATE_LIMITED", false],
    [500, "ERR_GHL_MARKETPLACE_SERVER", true],
    [503, "ERR_GHL_MARKETPLACE_SERVER", true],
  ])("a request that is answered %i fails with %s", async (status, code, ambiguous) => {
    await expect(send(answer(status))).rejects.toMatchObject({ status, code, ambiguous });
  });

  test("a request with a redirect that a browser hides has the same error", async () => {
    const hidden = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), body: null };
    const reply = { ...hidden, clone: () => hidden } as unknown as Response;
    await expect(send(reply)).rejects.toMatchObject({ status: 0, code: "ERR_GHL_MARKETPLACE_REDIRECT" });
  });

  test("a request has its status even when the body of the answer has no end", async () => {
    let cancelled = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => {
          cancelled += 1;
        },
      });
    const as = (status: number) => {
      const response = new Response(endless(), { status });
      return Object.assign(response, { clone: () => response });
    };
    expect(await send(as(200))).toEqual({ status: 200, body: undefined });
    await expect(send(as(400))).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_REFUSED" });
    expect(cancelled).toBe(2);
  });

  test("a request cuts a trace id that is too long", async () => {
    const error = await send(answer(400, {}, JSON.stringify({ traceId: "x".repeat(50_000) }))).catch(
      (caught) => caught,
    );
    expect((error as { traceId: string }).traceId.length).toBeLessThan(600);
  });

  test("a request without an answer fails with host and reason, and without query and secret", async () => {
    const refused = new TypeError("fetch failed for https://highlevel.example/path?secret=1", {
      cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    });
    await expect(send(refused)).rejects.toThrow(
      /^POST \/path did not get a complete answer from highlevel\.example: ECONNREFUSED$/,
    );
    await expect(send(new TypeError("failed: https://a.test/?secret=1"))).rejects.toThrow(
      /^POST \/path did not get a complete answer from highlevel\.example: the connection failed$/,
    );
  });

  test("a request names its endpoint without the query", async () => {
    await expect(send(answer(400))).rejects.toThrow(/^POST \/path answered 400$/);
  });

  test.each([
    ["7", 7_000],
    [new Date(NOW + 9_000).toUTCString(), 9_000],
    [new Date(NOW - 9_000).toUTCString(), 0],
    ["soon", undefined],
  ])("a request reads Retry-After %s", async (value, retryAfterMs) => {
    const error = await send(answer(429, { "retry-after": value })).catch((caught: object) => caught);
    expect((error as { retryAfterMs?: number }).retryAfterMs).toBe(retryAfterMs);
  });

  test("a request ends at the time limit even when fetch ignores its signal", async () => {
    const { sleep, waits } = fakeSleep();
    await expect(send("never", { sleep })).rejects.toMatchObject({
      code: "ERR_GHL_MARKETPLACE_TIMEOUT",
      timeoutMs: 5_000,
    });
    expect(waits).toEqual([5_000]);
  });

  test("a request ends with the signal's reason, before and while it is sent", async () => {
    await expect(send(answer(200), { signal: AbortSignal.abort(new Error("early")) })).rejects.toThrow("early");
    const stop = new AbortController();
    const sent = send("never", { signal: stop.signal });
    stop.abort(new Error("late"));
    await expect(sent).rejects.toThrow("late");
  });
});

test("baseUrl may have a path, and must be https or this machine", () => {
  expect(resolveUrl("a/b", "https://x.example").href).toBe("https://x.example/a/b");
  expect(resolveUrl("a/b", "https://x.example/base//").href).toBe("https://x.example/base/a/b");
  expect(resolveUrl("a", "http://localhost:1").href).toBe("http://localhost:1/a");
  for (const base of ["http://x.example", "ftp://localhost", "x"]) expect(() => resolveUrl("a", base)).toThrow();
});
