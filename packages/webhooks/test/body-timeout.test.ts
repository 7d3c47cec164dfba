import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGatewayHandler } from "../src/gateway.ts";
import { createWebhookHandler, type WebhookError, type WebhookHandlerOptions } from "../src/index.ts";
import { SECRET } from "./gateway/support.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

type Options = Pick<WebhookHandlerOptions, "bodyTimeoutMs" | "maxBodyBytes" | "onError">;
const HANDLERS: [string, (options: Options) => (request: Request) => Promise<Response>][] = [
  ["createWebhookHandler", (options) => createWebhookHandler(options)],
  ["createGatewayHandler", (options) => createGatewayHandler({ secrets: [SECRET], ...options })],
];
const LENGTHS: [string, Record<string, string>][] = [
  ["a length that is announced", { "content-length": "1000" }],
  ["a length that is not announced", {}],
];

/** A body whose pieces the test sends; it ends when the test says so. */
function slowBody(headers: Record<string, string>) {
  let cancelled = false;
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      cancelled = true;
    },
  });
  const init = { method: "POST", body, headers, duplex: "half" };
  return {
    request: new Request("https://receiver.example/", init as RequestInit),
    send: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    end: () => controller.close(),
    breakOff: () => controller.error(new Error("lost")),
    wasCancelled: () => cancelled,
  };
}

describe.each(HANDLERS)("%s", (_name, make) => {
  function recording(options: Options = {}) {
    const errors: WebhookError[] = [];
    return { errors, handler: make({ onError: (error) => void errors.push(error), ...options }) };
  }

  /** The answer after `ms`, or undefined where there is none yet. */
  async function after(answer: Promise<Response>, ms: number): Promise<Response | undefined> {
    let settled: Response | undefined;
    void answer.then((response) => {
      settled = response;
    });
    await vi.advanceTimersByTimeAsync(ms);
    return settled;
  }

  describe.each(LENGTHS)("reading a body of %s", (_length, headers) => {
    it("waits 30 s and no longer, however often a piece comes, and answers 408", async () => {
      const { errors, handler } = recording();
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      for (let second = 0; second < 29; second++) {
        slow.send("x");
        expect(await after(answer, 1_000)).toBeUndefined();
      }
      expect(await after(answer, 999)).toBeUndefined();
      const response = await after(answer, 1);
      expect(response?.status).toBe(408);
      expect(await response?.json()).toEqual({
        type: "about:blank",
        title: "The body took too long",
        status: 408,
        code: "ERR_GHL_WEBHOOK_BODY_TIMEOUT",
      });
      expect(errors.map(({ message }) => message)).toEqual(["the body took longer than 30000 ms"]);
    });

    it("waits as long as the option says", async () => {
      const { handler } = recording({ bodyTimeoutMs: 50 });
      const answer = handler(slowBody(headers).request);
      expect(await after(answer, 49)).toBeUndefined();
      expect((await after(answer, 1))?.status).toBe(408);
    });

    it("leaves no timer behind, and a body that ends in time is read", async () => {
      const { errors, handler } = recording();
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      await after(answer, 29_999);
      slow.send("{}");
      slow.end();
      expect((await answer).status).toBe(401);
      expect(errors.map(({ code }) => code)).toEqual(["ERR_GHL_WEBHOOK_SIGNATURE_MISSING"]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("leaves no timer behind when the body breaks off", async () => {
      const { errors, handler } = recording();
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      await after(answer, 10);
      slow.breakOff();
      expect((await answer).status).toBe(500);
      expect(errors.map(({ code }) => code)).toEqual(["ERR_GHL_WEBHOOK_BODY_UNREADABLE"]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("answers once, and a body that breaks off after the answer disturbs nobody", async () => {
      const { errors, handler } = recording({ bodyTimeoutMs: 1 });
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      expect((await after(answer, 1))?.status).toBe(408);
      if (!slow.wasCancelled()) slow.breakOff();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(errors).toHaveLength(1);
    });
  });

  it("cancels the rest of a body whose length is not announced", async () => {
    const { handler } = recording({ bodyTimeoutMs: 50 });
    const slow = slowBody({});
    await after(handler(slow.request), 50);
    expect(slow.wasCancelled()).toBe(true);
  });

  it("refuses a time that is no time, at construction", () => {
    // 2^31 ms and more would fire at once.
    for (const bodyTimeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "30" as unknown as number])
      expect(() => make({ bodyTimeoutMs })).toThrow(
        expect.objectContaining({
          code: "ERR_GHL_WEBHOOK_CONFIGURATION",
          message: expect.stringContaining("bodyTimeoutMs"),
        }),
      );
    expect(() => make({ bodyTimeoutMs: 2 ** 31 - 1 })).not.toThrow();
  });
});
