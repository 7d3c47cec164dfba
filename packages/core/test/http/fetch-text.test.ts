import { expect, it } from "vitest";
import { type FetchBytesOptions, fetchText } from "../../src/index.ts";

const never = (): Promise<never> => new Promise(() => {});
const timeoutError = (): Error => new RangeError("too slow");
const options = (changes: Partial<FetchBytesOptions>): FetchBytesOptions => ({
  send: async () => new Response("hello"),
  sleep: never,
  timeoutMs: 1_000,
  maxBytes: 100,
  timeoutError,
  ...changes,
});
const call = (changes: Partial<FetchBytesOptions>) => fetchText("https://api.example/x", {}, options(changes));

it("fetchText returns the response and its text, and follows no redirect", async () => {
  let init: RequestInit | undefined;
  const heads: number[] = [];
  const { response, text } = await call({
    send: async (_url, given) => {
      init = given;
      return new Response("hello", { status: 201 });
    },
    onResponse: ({ status }) => heads.push(status),
  });
  expect([response.status, text, init?.redirect, heads]).toEqual([201, "hello", "manual", [201]]);
});

it("fetchText returns no text of a body that is too long", async () => {
  const { response, text } = await call({ send: async () => new Response("x".repeat(101)) });
  expect([response.status, text]).toEqual([200, undefined]);
});

it("fetchText rejects with the caller's own error when the time is up, although send ignores its signal", async () => {
  let signal: AbortSignal | null | undefined;
  const send = (_url: string, init: RequestInit): Promise<Response> => {
    signal = init.signal;
    return never();
  };
  await expect(call({ send, sleep: async () => {} })).rejects.toThrow(RangeError);
  expect(signal?.aborted).toBe(true);
});

it("fetchText ends the wait for the time limit when the response is there", async () => {
  let ended = false;
  const sleep = (_ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.addEventListener("abort", () => {
      ended = true;
    });
    return never();
  };
  await call({ sleep });
  expect(ended).toBe(true);
});

it("fetchText rejects with the reason of an abort, before and during the request", async () => {
  const before = AbortSignal.abort(new Error("before"));
  let calls = 0;
  const send = (): Promise<Response> => {
    calls++;
    return never();
  };
  await expect(call({ send, signal: before })).rejects.toThrow("before");
  expect(calls).toBe(0);
  const during = new AbortController();
  const running = call({ send, signal: during.signal });
  during.abort(new Error("during"));
  await expect(running).rejects.toThrow("during");
});

it("fetchText passes the error of the platform on", async () => {
  await expect(call({ send: () => Promise.reject(new TypeError("no route")) })).rejects.toThrow("no route");
});
