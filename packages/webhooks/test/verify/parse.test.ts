import { toHex } from "@ghl-edge/core";
import { describe, expect, it } from "vitest";
import { createWebhookVerifier, dedupeKey, parseWebhook } from "../../src/index.ts";
import { createTestSigner, sampleEvent } from "../../src/testing.ts";
import { APP_ID, at, now, signed } from "../support.ts";

const sha256 = async (text: string) =>
  toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));

async function parse(payload: unknown) {
  const signer = await createTestSigner();
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return parseWebhook({ ...(await signed(signer, body)), keys: [signer.publicKey], now, toleranceMs: 1e15 });
}

it("parseWebhook verifies a delivery, names it and finds its tenant", async () => {
  const signer = await createTestSigner();
  const verifier = createWebhookVerifier({ keys: [signer.publicKey], appId: APP_ID, now, toleranceMs: 1e15 });
  const documented = sampleEvent("InvoicePaid", { appId: APP_ID, timestamp: at(0) }, { envelope: false });
  const delivery = await signed(signer, JSON.stringify(documented));
  const parsed = await parseWebhook({ ...delivery, verifier, hint: "InvoicePaid" });
  expect(parsed).toMatchObject({
    name: "InvoicePaid",
    identifiedBy: "hint",
    tenant: { locationId: "sample-location" },
    verified: { scheme: "ed25519", freshness: "fresh" },
  });
  if (parsed.name === "InvoicePaid") expect(parsed.event.total).toBe(1);
});

it("parseWebhook accepts a verifier", async () => {
  const signer = await createTestSigner();
  const verifier = createWebhookVerifier({ keys: [signer.publicKey], now });
  const delivery = await signed(signer, '{"type":"NoteCreate"}');
  expect((await parseWebhook({ ...delivery, verifier })).name).toBe("NoteCreate");
  await expect(parseWebhook({ ...delivery, body: "{}", verifier })).rejects.toMatchObject({
    code: "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH",
  });
});

describe("the dedupe key", () => {
  const event = { type: "ContactUpdate", id: "contact", appId: "app", webhookId: "w1" };

  it("the dedupe key is the hash of app, type and webhookId", async () => {
    const key = await (await parse(event)).dedupeKey();
    expect(key).toBe(await sha256('["app","ContactUpdate","w1"]'));
    expect(await (await parse({ ...event, timestamp: "2026-01-01T00:00:00Z" })).dedupeKey()).toBe(key);
  });

  it("the dedupe key differs by app, type and webhookId, and does not depend on the record's id", async () => {
    const keys = new Set<string>();
    for (const fields of [{}, { type: "ContactCreate" }, { appId: "b" }, { webhookId: "w2" }]) {
      keys.add(await (await parse({ ...event, ...fields })).dedupeKey());
    }
    expect(keys.size).toBe(4);
    const another = await parse({ ...event, id: "another" });
    expect(await another.dedupeKey()).toBe(await (await parse(event)).dedupeKey());
  });

  it("the dedupe key separates its parts", async () => {
    const one = await parse({ type: "a", appId: 'x","y', webhookId: "w" });
    const other = await parse({ type: 'y","a', appId: "x", webhookId: "w" });
    expect(await one.dedupeKey()).not.toBe(await other.dedupeKey());
  });

  it("the dedupe key is the hash of the body when there is no webhookId", async () => {
    for (const body of ['{"type":"ContactUpdate","id":"a"}', '{"webhookId":""}', "[]", "7"]) {
      expect(await (await parse(body)).dedupeKey()).toBe(await sha256(body));
    }
  });

  it("the dedupe key can be computed from a verified delivery alone", async () => {
    const body = new TextEncoder().encode("x");
    expect(await dedupeKey({ payload: null, body, appId: undefined, webhookId: undefined })).toBe(await sha256("x"));
  });
});
