import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventStream, type ServerSentEvent } from "../../src/openapi/event-stream.ts";

/** Reads a stream that arrives in these pieces. */
async function read(chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const found: ServerSentEvent[] = [];
  for await (const event of eventStream(new Response(body), undefined, { operation: "x.y" })) found.push(event);
  return found;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (data: string, more: Partial<ServerSentEvent> = {}): ServerSentEvent => ({
  event: "message",
  id: "",
  retryMs: undefined,
  data,
  ...more,
});

describe("an event stream", () => {
  it.each<[string, string, ServerSentEvent[]]>([
    ["the three ends of a line", "data: a\n\ndata: b\r\rdata: c\r\n\r\n", [event("a"), event("b"), event("c")]],
    ["several lines", "data: a\ndata:b\ndata:  c\ndata\n\n", [event("a\nb\n c\n")]],
    ["comments and unknown fields", ": hi\nfoo: bar\ndata: a\n\n", [event("a")]],
    ["a name, for one event", "event: x\ndata: a\n\ndata: b\n\n", [event("a", { event: "x" }), event("b")]],
    ["an id, until the next", "id: 1\ndata: a\n\ndata: b\n\n", [event("a", { id: "1" }), event("b", { id: "1" })]],
    ["an id with a NUL, which is none", "id: 1\0\ndata: a\n\n", [event("a")]],
    ["a time to wait", "retry: 250\ndata: a\n\nretry: soon\ndata: b\n\n", [event("a", { retryMs: 250 }), event("b")]],
    ["a name without data, which is no event", "event: x\n\ndata: a\n\n", [event("a")]],
    ["an event that is cut off, which is none", "data: a\n\ndata: b", [event("a")]],
    ["a byte order mark", "\uFEFFdata: a\n\n", [event("a")]],
  ])("an event stream has %s", async (_, text, expected) => {
    expect(await read([bytes(text)])).toEqual(expected);
  });

  it("an event stream is the same, however it is cut", async () => {
    const line = fc.constantFrom("data: ä", "data:€", "data", "event: e", "id: 7", "retry: 5", ": c", "x", "");
    const end = fc.constantFrom("\n", "\r", "\r\n");
    const text = fc
      .array(fc.tuple(line, end), { maxLength: 20 })
      .map((lines) => lines.map((one) => one.join("")).join(""));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 10 }), async (whole, cuts) => {
        const all = bytes(whole);
        const offsets = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
        const chunks = offsets.slice(1).map((offset, index) => all.subarray(offsets[index], offset));
        expect(await read(chunks)).toEqual(await read([all]));
      }),
    );
  });

  it("an event stream with an event that never ends is an error, not a full memory", async () => {
    const chunk = bytes(`data: ${"x".repeat(1024 * 1024)}\n`);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(chunk);
      },
    });
    const events = eventStream(new Response(body), undefined, { operation: "x.y" });
    await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ERR_GHL_NETWORK" });
    expect(sent).toBeLessThan(10);
  });

  it("an event stream that breaks is a network error with the cause", async () => {
    const cause = new Error("gone");
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) });
    const events = eventStream(new Response(body), undefined, { operation: "x.y" });
    await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ERR_GHL_NETWORK", cause });
  });
});
