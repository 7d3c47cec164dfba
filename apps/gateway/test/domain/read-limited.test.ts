import { expect, test } from "vitest";
import { readLimitedBody } from "../../src/domain/read-limited.ts";

const MAX_BYTES = 10;

/** In pieces of four bytes; `declared` is what its header says, if it says anything. */
function requestOf(bytes: number, declared?: string): Request {
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = Math.min(4, left);
      left -= size;
      if (size > 0) controller.enqueue(new Uint8Array(size).fill(65));
      else controller.close();
    },
  });
  const headers: Record<string, string> = declared === undefined ? {} : { "content-length": declared };
  return new Request("https://gateway.test", { method: "POST", body, headers, duplex: "half" } as RequestInit);
}

test.each([
  ["that says its length", 10, "10"],
  ["that does not", 10, undefined],
  ["that says nonsense", 10, "ten"],
])("a body of at most so many bytes is read whole, one %s", async (_name, bytes, declared) => {
  expect((await readLimitedBody(requestOf(bytes, declared), MAX_BYTES))?.byteLength).toBe(bytes);
});

test.each([
  ["by its own word", 11, "11"],
  ["without a word", 11, undefined],
  ["against its word", 11, "10"],
])("one that is longer is not, %s", async (_name, bytes, declared) => {
  expect(await readLimitedBody(requestOf(bytes, declared), MAX_BYTES)).toBeUndefined();
});

test("no body is an empty one", async () => {
  expect(await readLimitedBody(new Request("https://gateway.test", { method: "POST" }), MAX_BYTES)).toHaveLength(0);
});
