import { expect, test } from "vitest";
import { readText } from "../../src/http/body.ts";

function request(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>): Request {
  const body = new ReadableStream<Uint8Array>({ pull });
  // `duplex` is required by fetch for a streamed body and missing in the DOM types
  return new Request("https://you.example/", { method: "POST", body, duplex: "half" } as RequestInit);
}

test("a body whose sender stops ends in time", async () => {
  const trickle = request(() => new Promise(() => undefined));
  await expect(readText(trickle, 100, 30)).rejects.toMatchObject({
    code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE",
    message: "the body took longer than 30 ms",
  });
});

test("a body without end is refused by its size", async () => {
  const endless = request((controller) => controller.enqueue(new Uint8Array(64)));
  await expect(readText(endless, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE" });
});

test("a body that breaks off, or was read before, is unreadable", async () => {
  const broken = request((controller) => controller.error(new Error("cut")));
  await expect(readText(broken, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" });
  const used = new Request("https://you.example/", { method: "POST", body: "{}" });
  await used.text();
  await expect(readText(used, 100)).rejects.toMatchObject({ code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" });
});

test("characters that are cut between two chunks are whole", async () => {
  const bytes = new TextEncoder().encode("Zoë\u{1f600}");
  let at = 0;
  const slow = request((controller) => {
    if (at === bytes.length) controller.close();
    else controller.enqueue(bytes.slice(at, ++at));
  });
  expect(await readText(slow, 100)).toBe("Zoë\u{1f600}");
  expect(await readText(new Request("https://you.example/"), 100)).toBe("");
});
