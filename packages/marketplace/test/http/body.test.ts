import { expect, test } from "vitest";
import { readText } from "../../src/http/body.ts";

function request(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>): Request {
  const body = new ReadableStream<Uint8Array>({ pull });
  // Fetch requires `duplex` for a streamed body, and the DOM types lack it.
  return new Request("https://you.example/", { method: "POST", body, duplex: "half" } as RequestInit);
}

test("a body whose sender stops is refused after the time limit", async () => {
  const trickle = request(() => new Promise(() => undefined));
  await expect(readText(trickle, 100, 30)).rejects.toMatchObject({
    code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE",
    message: "body must arrive within 30 ms",
  });
});

test("a body without end is refused for its size", async () => {
  const endless = request((controller) => controller.enqueue(new Uint8Array(64)));
  await expect(readText(endless, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE" });
});

test("a body that is incomplete or was read before is unreadable", async () => {
  const broken = request((controller) => controller.error(new Error("cut")));
  await expect(readText(broken, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" });
  const used = new Request("https://you.example/", { method: "POST", body: "{}" });
  await used.text();
  await expect(readText(used, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" });
});

test("characters that are split between two chunks are read correctly", async () => {
  const bytes = new TextEncoder().encode("Zoë\u{1f600}");
  let at = 0;
  const slow = request((controller) => {
    if (at === bytes.length) controller.close();
    else controller.enqueue(bytes.slice(at, ++at));
  });
  expect(await readText(slow, 100)).toBe("Zoë\u{1f600}");
  expect(await readText(new Request("https://you.example/"), 100)).toBe("");
});
