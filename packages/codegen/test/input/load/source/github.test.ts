import { expect, it } from "vitest";
import { download } from "../../../../src/input/load/source/github.ts";

const URL_OF_ARCHIVE = "https://codeload.example/archive";
const LIMITS = { timeoutMs: 1_000, maxBytes: 4 };

it("a download has the bytes of its answer, and follows redirects", async () => {
  let redirect: RequestInit["redirect"];
  const bytes = await download(
    URL_OF_ARCHIVE,
    async (_url, init) => {
      redirect = init?.redirect;
      return new Response(Uint8Array.of(1, 2, 255));
    },
    LIMITS,
  );
  expect([...bytes, redirect]).toEqual([1, 2, 255, "follow"]);
});

it.each([
  ["of another status than 2xx", async () => new Response("no", { status: 404 }), "answered 404"],
  ["that is too large", async () => new Response("12345"), "is larger than 4 bytes"],
  [
    "that cannot be reached",
    () => Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })),
    "request failed: connect ECONNREFUSED",
  ],
])("a download %s is a NetworkError that names the address", async (_what, fetch, message) => {
  await expect(download(URL_OF_ARCHIVE, fetch, LIMITS)).rejects.toMatchObject({
    name: "NetworkError",
    message: expect.stringContaining(message),
    file: URL_OF_ARCHIVE,
  });
});

it("a download that does not end in time is a NetworkError", async () => {
  const body = new ReadableStream<Uint8Array>();
  const slow = download(URL_OF_ARCHIVE, async () => new Response(body), { timeoutMs: 20, maxBytes: 4 });
  await expect(slow).rejects.toThrow("did not answer within 20 ms");
});
