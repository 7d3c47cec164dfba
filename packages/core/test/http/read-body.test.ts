import { expect, it } from "vitest";
import { readBody } from "../../src/index.ts";

/** A body that sends `chunks`, then ends, breaks or never ends; `cancelled` reports whether its reader gave it up. */
function bodyOf(chunks: string[], then: "end" | "break" | "hang"): { response: Response; cancelled: () => boolean } {
  let cancelled = false;
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk !== undefined) controller.enqueue(encoder.encode(chunk));
      else if (then === "end") controller.close();
      else if (then === "break") controller.error(new Error("connection reset"));
      else return new Promise(() => {});
      return undefined;
    },
    cancel() {
      cancelled = true;
    },
  });
  return { response: new Response(stream), cancelled: () => cancelled };
}
const options = { maxBytes: 6, timeoutMs: 30 };

it("readBody returns a whole body", async () => {
  const result = await readBody(bodyOf(["abc", "def"], "end").response, options);
  expect(result).toEqual({ outcome: "complete", bytes: new TextEncoder().encode("abcdef") });
  expect(await readBody(new Response(null), options)).toEqual({ outcome: "complete", bytes: new Uint8Array(0) });
});

it("readBody cancels a body that is too large, declared or not", async () => {
  const streamed = bodyOf(["abc", "defg"], "hang");
  expect(await readBody(streamed.response, options)).toEqual({ outcome: "too_large" });
  expect(streamed.cancelled()).toBe(true);
  const declared = bodyOf(["a"], "hang");
  const headers = new Headers({ "content-length": "7" });
  expect(await readBody({ headers, body: declared.response.body }, options)).toEqual({ outcome: "too_large" });
  expect(declared.cancelled()).toBe(true);
});

it("readBody ends the read of a body that never ends", async () => {
  const hanging = bodyOf(["abc"], "hang");
  expect(await readBody(hanging.response, options)).toEqual({ outcome: "timed_out" });
  expect(hanging.cancelled()).toBe(true);
});

it("readBody rejects with the signal's reason, and with the stream's own error", async () => {
  const reason = new Error("caller left");
  const already = bodyOf([], "hang");
  await expect(readBody(already.response, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(already.cancelled()).toBe(true);
  const caller = new AbortController();
  const hanging = readBody(bodyOf([], "hang").response, { ...options, signal: caller.signal });
  caller.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await expect(readBody(bodyOf(["a"], "break").response, options)).rejects.toThrow("connection reset");
});
