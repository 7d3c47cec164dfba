import { describe, expect, it } from "vitest";
import { eventNames, eventOf, schemas, verifyWebhook, wireType } from "../../src/index.ts";
import { createTestSigner, sampleEvent } from "../../src/testing.ts";
import { NOW, now } from "../support.ts";

it.each(eventNames)("the sample of %s is equal on every call and is classified as itself", (name) => {
  expect(sampleEvent(name)).toEqual(sampleEvent(name));
  expect(eventOf(sampleEvent(name), name).name).toBe(name);
});

describe("the envelope of a sample", () => {
  const ENVELOPE = ["type", "timestamp", "webhookId", "appId", "versionId"];

  it.each(eventNames)("the envelope of a sample names the event %s and has a version that is not the app", (name) => {
    const sample = sampleEvent(name) as unknown as Readonly<Record<string, unknown>>;
    for (const field of ENVELOPE) expect(sample[field], field).toEqual(expect.any(String));
    expect(sample.versionId).not.toBe(sample.appId);
    if (name !== "ProviderOutboundMessage") expect(sample.type).toBe(wireType(name));
    else expect(sample.type).toBe("SMS");
    if (name !== "ProviderOutboundMessage") expect(eventOf(sample)).toMatchObject({ name, identifiedBy: "type" });
  });

  it.each(eventNames)("the envelope of a sample of %s can be left out, and then the type is as documented", (name) => {
    const sample = sampleEvent(name, {}, { envelope: false }) as unknown as Readonly<Record<string, unknown>>;
    for (const field of ENVELOPE.slice(1)) expect(sample).not.toHaveProperty(field);
    expect(eventOf(sample, name).name).toBe(name);
    expect(schemas[name]["~standard"].validate(sample)).toEqual({ value: sample });
    const others = Object.keys(sampleEvent(name)).filter((field) => !ENVELOPE.includes(field));
    expect(Object.keys(sample)).toEqual(expect.arrayContaining(others));
  });

  it("the envelope of a sample can be left out, and then 25 events have no type that names them", () => {
    const unnamed = eventNames.filter((name) => eventOf(sampleEvent(name, {}, { envelope: false })).name === "unknown");
    expect(unnamed).toHaveLength(25);
    expect(sampleEvent("PriceCreate", {}, { envelope: false })).not.toHaveProperty("type");
    expect(sampleEvent("PriceUpdate", {}, { envelope: false })).toMatchObject({ type: "one_time" });
  });
});

it("every sample has a different webhookId", () => {
  expect(
    new Set(eventNames.map((name) => JSON.stringify(sampleEvent(name)).match(/"webhookId":"([^"]+)"/)?.[1])).size,
  ).toBe(77);
});

it("sampleEvent replaces fields of the sample", () => {
  expect(sampleEvent("ContactCreate", { email: "x@y.zz" })).toMatchObject({ type: "ContactCreate", email: "x@y.zz" });
});

it("createTestSigner signs with the key pair of the caller", async () => {
  const keyPair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const signer = await createTestSigner(keyPair);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", keyPair.publicKey));
  const headers = { "x-ghl-signature": await signer.sign(new Uint8Array([123, 125])) };
  await expect(verifyWebhook({ body: "{}", headers, keys: [raw] })).resolves.toMatchObject({ payload: {} });
});

it("TestSigner.request dates a sample now and does not change a payload", async () => {
  const signer = await createTestSigner();
  const sample = await signer.request("RecordCreate", { now });
  expect(new URL(sample.url).search).toBe("?event=RecordCreate");
  expect(await sample.json()).toMatchObject({ timestamp: new Date(NOW).toISOString() });
  const documented = await signer.request("RecordCreate", { now, envelope: false });
  const body = (await documented.json()) as object;
  expect(body).toMatchObject({ timestamp: new Date(NOW).toISOString() });
  expect(body).not.toHaveProperty("appId");
  const own = await signer.request({ type: "NoteCreate" }, { url: "https://a.example/b", headers: { "x-a": "1" } });
  expect([own.method, own.url, own.headers.get("x-a")]).toEqual(["POST", "https://a.example/b", "1"]);
  expect(await own.json()).toEqual({ type: "NoteCreate" });
  await expect(signer.request("Nothing" as "NoteCreate")).rejects.toThrow(TypeError);
});
