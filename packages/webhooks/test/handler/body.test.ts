import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGatewayHandler } from "../../src/gateway.ts";
import { createWebhookHandler, type WebhookError, type WebhookHandlerOptions } from "../../src/index.ts";
import { SECRET } from "../gateway/support.ts";

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

interface SlowBody {
  readonly request: Request;
  send(text: string): void;
  end(): void;
  breakOff(): void;
  wasCancelled(): boolean;
}

const utf8 = new TextEncoder();

/** A stream of workerd, which the types of Node and of browsers do not declare. */
declare const IdentityTransformStream: { new (): TransformStream<Uint8Array, Uint8Array> };

function requestOf(body: ReadableStream<Uint8Array>, headers: Record<string, string>): Request {
  const init = { method: "POST", body, headers, duplex: "half" };
  return new Request("https://receiver.example/", init as RequestInit);
}

/**
 * Returns a body with a stream of the runtime, as a server passes it. When `bytes()` reads a stream made in JavaScript and that stream
 * fails, workerd leaves an unhandled rejection. No request from the network has such a stream.
 */
function slowNativeBody(headers: Record<string, string>): SlowBody {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const settle = (promise: Promise<unknown>) => void promise.catch(() => undefined);
  settle(writer.closed);
  return {
    request: requestOf(readable, headers),
    send: (text) => settle(writer.write(utf8.encode(text))),
    end: () => settle(writer.close()),
    breakOff: () => settle(writer.abort(new Error("lost"))),
    wasCancelled: () => false,
  };
}

/** A body whose chunks and end the test controls. */
function slowBody(headers: Record<string, string>): SlowBody {
  if (navigator.userAgent === "Cloudflare-Workers" && "content-length" in headers) return slowNativeBody(headers);
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
  return {
    request: requestOf(body, headers),
    send: (text: string) => controller.enqueue(utf8.encode(text)),
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

  /** Returns the response after `ms`, or undefined when there is none yet. */
  async function after(answer: Promise<Response>, ms: number): Promise<Response | undefined> {
    let settled: Response | undefined;
    void answer.then((response) => {
      settled = response;
    });
    await vi.advanceTimersByTimeAsync(ms);
    return settled;
  }

  describe.each(LENGTHS)("reading a body of %s", (_length, headers) => {
    it("the handler answers 408 after 30 s, even while chunks still arrive", async () => {
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
        type: "https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md#err_ghl_webhook_body_timeout",
        title: "The body took too long",
        status: 408,
        code: "ERR_GHL_WEBHOOK_BODY_TIMEOUT",
      });
      expect(errors.map(({ message }) => message)).toEqual(["body must arrive within 30000 ms"]);
    });

    it("the handler waits for the rest of a body as long as the option bodyTimeoutMs says", async () => {
      const { handler } = recording({ bodyTimeoutMs: 50 });
      const answer = handler(slowBody(headers).request);
      expect(await after(answer, 49)).toBeUndefined();
      expect((await after(answer, 1))?.status).toBe(408);
    });

    it("the handler leaves no timer when the body ends in time", async () => {
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

    it("the handler leaves no timer when the connection breaks", async () => {
      const { errors, handler } = recording();
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      await after(answer, 10);
      slow.breakOff();
      expect((await answer).status).toBe(500);
      expect(errors.map(({ code }) => code)).toEqual(["ERR_GHL_WEBHOOK_BODY_UNREADABLE"]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("the handler answers once, and a connection that breaks after the response has no effect", async () => {
      const { errors, handler } = recording({ bodyTimeoutMs: 1 });
      const slow = slowBody(headers);
      const answer = handler(slow.request);
      expect((await after(answer, 1))?.status).toBe(408);
      if (!slow.wasCancelled()) slow.breakOff();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(errors).toHaveLength(1);
    });
  });

  it("the handler cancels the rest of a body whose length is not announced", async () => {
    const { handler } = recording({ bodyTimeoutMs: 50 });
    const slow = slowBody({});
    await after(handler(slow.request), 50);
    expect(slow.wasCancelled()).toBe(true);
  });

  it("createWebhookHandler refuses an invalid bodyTimeoutMs at construction", () => {
    // A timer of 2^31 ms or more would fire at once.
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
