import { afterEach, expect, it, vi } from "vitest";
import { type FetchBytesOptions, fetchBytes } from "../../src/index.ts";

const options = (changes: Partial<FetchBytesOptions>): FetchBytesOptions => ({
  send: async () => new Response("hello"),
  timeoutMs: 1_000,
  maxBytes: 100,
  timeoutError: () => new RangeError("too slow"),
  ...changes,
});
const call = (changes: Partial<FetchBytesOptions>, init: RequestInit = {}) =>
  fetchBytes("https://api.example/x", init, options(changes));

afterEach(() => {
  vi.restoreAllMocks();
});

it("the bytes of a response are not changed by any decoding", async () => {
  const sent = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x00);
  expect((await call({ send: async () => new Response(sent) })).bytes).toEqual(sent);
});

it("a body that is not needed is cancelled and not read", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true;
    },
  });
  const send = async (): Promise<Response> => new Response(body, { status: 500 });
  const { response, bytes } = await call({ send, needsBody: ({ ok }) => ok });
  expect([response.status, bytes, cancelled]).toEqual([500, undefined, true]);
});

it("a redirect is followed when the request says so", async () => {
  const seen: (string | undefined)[] = [];
  const send = async (_url: string, init: RequestInit): Promise<Response> => {
    seen.push(init.redirect);
    return new Response();
  };
  await call({ send });
  await call({ send }, { redirect: "follow" });
  expect(seen).toEqual(["manual", "follow"]);
});

it("a request without sleep is ended by the platform's time limit", async () => {
  const time = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
  const refused = expect(call({ send: () => new Promise(() => {}) })).rejects.toThrow(RangeError);
  expect(timeout).toHaveBeenCalledWith(1_000);
  time.abort(new DOMException("time is up", "TimeoutError"));
  await refused;
});
