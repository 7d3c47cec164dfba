import { describe, expect, test } from "vitest";
import { createEmulator } from "../../src/index.ts";

const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function receiver() {
  const received: Request[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    received.push(request.clone());
    return new Response("ok", { status: 202 });
  };
  return { received, emulator: createEmulator({ fetch, now: () => 1_780_000_000_000 }) };
}

describe("sendEvent", () => {
  test("sendEvent signs the exact bytes that it posts with the key that it publishes", async () => {
    const { received, emulator } = receiver();
    const sent = await emulator.sendEvent(
      "ContactCreate",
      { locationId: "L", name: "Zoë" },
      { url: "https://app.example/hook" },
    );
    const [request] = received;
    const body = new Uint8Array(await request!.arrayBuffer());
    const key = await crypto.subtle.importKey("spki", bytes(await emulator.publicKey()), "Ed25519", false, ["verify"]);
    const signature = bytes(request!.headers.get("x-ghl-signature") ?? "");
    expect(await crypto.subtle.verify("Ed25519", key, signature, body)).toBe(true);
    body[0]! ^= 1;
    expect(await crypto.subtle.verify("Ed25519", key, signature, body)).toBe(false);
    expect(sent.status).toBe(202);
    expect(JSON.parse(sent.body)).toMatchObject({
      type: "ContactCreate",
      appId: "65f0c0ffee65f0c0ffee65f0",
      webhookId: sent.webhookId,
      timestamp: "2026-05-28T20:26:40.000Z",
      name: "Zoë",
    });
  });

  test("a redelivery is the same webhook request", async () => {
    const { received, emulator } = receiver();
    const first = await emulator.sendEvent("ContactCreate", { locationId: "L" }, { url: "https://app.example/hook" });
    const second = await emulator.sendEvent("", {}, { url: "https://app.example/hook", redelivery: first });
    expect(second).toEqual(first);
    expect(await received[1]!.text()).toBe(first.body);
  });

  test("the key belongs to the seed", async () => {
    const keys = ["a", "a", "b"].map((seed) => createEmulator({ seed }).publicKey());
    const [first, second, third] = await Promise.all(keys);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });
});
