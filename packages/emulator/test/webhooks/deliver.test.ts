import { createWebhookVerifier, eventNames, eventOf } from "@ghl-edge/webhooks";
import { describe, expect, test } from "vitest";
import { createEmulator, DEFAULT_COMPANY, type EmulatorOptions, jsonForms } from "../../src/index.ts";

const URL_ = "https://app.example/hook";
const NOW = 1_780_000_000_000;

/** A receiver that answers with these statuses in turn, the last one for good; a status of 0 is no answer. */
function receiver(statuses: readonly number[] = [200], options: EmulatorOptions = {}) {
  const received: Request[] = [];
  const slept: number[] = [];
  const emulator = createEmulator({
    now: () => NOW,
    sleep: async (ms) => void slept.push(ms),
    fetch: async (request) => {
      const status = statuses[Math.min(received.length, statuses.length - 1)]!;
      received.push(request.clone());
      if (status === 0) throw new TypeError("refused");
      return new Response(null, { status });
    },
    ...options,
  });
  return { received, slept, emulator };
}

describe("samples", () => {
  test("a sample of every event is recognised as that event by a webhook handler", async () => {
    const { received, emulator } = receiver();
    const verifier = createWebhookVerifier({ keys: [await emulator.publicKey()], now: () => NOW });
    for (const name of emulator.webhooks.events) {
      const { delivered } = await emulator.webhooks.deliver(name, URL_);
      expect(delivered, name).toBe(true);
      const { headers } = received.at(-1)!;
      const body = await received.at(-1)!.text();
      await verifier.verify({ headers, body });
      const payload: unknown = JSON.parse(body);
      expect(eventOf(payload, name).name, name).toBe(name);
    }
    expect(emulator.webhooks.events).toEqual(eventNames);
    expect(emulator.webhooks.sent).toHaveLength(eventNames.length);
  });

  test("a sample without an envelope is that of the older documents, and recognised with a hint", async () => {
    const { received, emulator } = receiver();
    for (const name of emulator.webhooks.events) {
      await emulator.webhooks.deliver(name, URL_, { envelope: false });
      const payload = (await received.at(-1)!.json()) as object;
      for (const field of ["webhookId", "timestamp", "appId", "versionId"]) expect(payload).not.toHaveProperty(field);
      expect(eventOf(payload, name).name, name).toBe(name);
    }
    expect(emulator.webhooks.sample("InvoicePaid", {}, { envelope: false })).not.toHaveProperty("type");
    expect(emulator.webhooks.sample("InvoicePaid")).toHaveProperty("type", "InvoicePaid");
  });

  test("samples have a version that is not the app", () => {
    const { emulator } = receiver();
    const { appId, versionId } = emulator.webhooks.sample("ContactCreate");
    expect([typeof appId, typeof versionId]).toEqual(["string", "string"]);
    expect(versionId).not.toBe(appId);
  });

  test("samples name the emulated company by default", () => {
    const { emulator } = receiver();
    expect(emulator.webhooks.sample("contactcreate")).toMatchObject({ locationId: DEFAULT_COMPANY.locations[0]!.id });
    expect(emulator.webhooks.sample("ContactCreate", { locationId: "x" })).toMatchObject({ locationId: "x" });
    expect(emulator.webhooks.sample("InvoicePaid", { locationId: "x" })).toMatchObject({ altId: "x" });
    expect(emulator.webhooks.sample("InvoicePaid", { locationId: "x", altId: "y" })).toMatchObject({ altId: "y" });
    expect(() => emulator.webhooks.sample("Nonsense")).toThrow('unknown event "Nonsense"');
  });
});

describe("bodies", () => {
  test("a body in nineteen forms is signed as it is, and means the same", async () => {
    const { received, emulator } = receiver();
    const verifier = createWebhookVerifier({ keys: [await emulator.publicKey()], now: () => NOW });
    expect(jsonForms).toHaveLength(19);
    let changed = 0;
    for (const form of jsonForms) {
      const { body } = await emulator.webhooks.deliver("ContactCreate", URL_, {
        form,
        fields: { firstName: "Zoë 😀" },
      });
      const bytes = new Uint8Array(await received.at(-1)!.clone().arrayBuffer());
      expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), form).toBe(body);
      expect(JSON.parse(body), form).toMatchObject({ type: "ContactCreate", firstName: "Zoë 😀" });
      await verifier.verify({ headers: received.at(-1)!.headers, body: bytes });
      if (JSON.stringify(JSON.parse(body)) !== body) changed += 1;
    }
    // All but compact, and line separators, which JSON.stringify leaves alone too
    expect(changed).toBe(17);
    expect(new Set(received.map(({ headers }) => headers.get("x-ghl-signature"))).size).toBe(19);
  });

  test("a body is signed with RSA where the options say so", async () => {
    const { received, emulator } = receiver();
    await emulator.webhooks.deliver("ContactCreate", URL_, { signatures: ["rsa"] });
    const { headers } = received[0]!;
    expect(headers.has("x-ghl-signature")).toBe(false);
    const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const spki = bytes(await emulator.webhooks.rsaPublicKey());
    const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
    const body = await received[0]!.arrayBuffer();
    const signature = bytes(headers.get("x-wh-signature") ?? "");
    expect(await crypto.subtle.verify(algorithm.name, key, signature, body)).toBe(true);
  });
});

describe("retries", () => {
  test("a delivery is retried after 429 alone: six times, ten minutes and jitter apart, with the same bytes", async () => {
    const { received, slept, emulator } = receiver([429]);
    const { attempts, delivered } = await emulator.webhooks.deliver("ContactCreate", URL_, { retry: "429-only" });
    expect([attempts.length, delivered]).toEqual([7, false]);
    for (const ms of slept) {
      expect(ms).toBeGreaterThanOrEqual(600_000);
      expect(ms).toBeLessThan(660_000);
    }
    expect(new Set(await Promise.all(received.map((request) => request.text()))).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers.get("x-ghl-signature"))).size).toBe(1);
    const other = receiver([500]);
    const once = await other.emulator.webhooks.deliver("ContactCreate", URL_, { retry: "429-only" });
    expect(once.attempts).toHaveLength(1);
  });

  test("a delivery is retried after any failure where the options say so: twelve times, each later than the one before", async () => {
    const { slept, emulator } = receiver([500, 302, 0, 404]);
    const { attempts } = await emulator.webhooks.deliver("ContactCreate", URL_, { retry: "any-failure", speed: 1_000 });
    expect(attempts.map(({ status }) => status)).toEqual([500, 302, 0, ...Array.from({ length: 10 }, () => 404)]);
    expect(slept).toHaveLength(12);
    expect(slept[0]).toBeGreaterThanOrEqual(10);
    expect(slept[0]).toBeLessThan(11);
    expect(slept).toEqual(slept.toSorted((a, b) => a - b));
  });

  test("the retries end with success", async () => {
    const { emulator } = receiver([500, 429, 204]);
    const { attempts, delivered } = await emulator.webhooks.deliver("ContactCreate", URL_, { retry: "any-failure" });
    expect([attempts.length, delivered]).toEqual([3, true]);
    expect(emulator.webhooks.sent.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 429],
      [3, 204],
    ]);
  });
});

test("an install storm: the company and every location, all under way before the first is answered", async () => {
  const locationIds = Array.from({ length: 77 }, (_, index) => `location-${index}`);
  let under = 0;
  let resolveAll = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    resolveAll = resolve;
  });
  const bodies: Record<string, unknown>[] = [];
  const { emulator } = receiver([200], {
    fetch: async (request) => {
      bodies.push(JSON.parse(await request.text()) as Record<string, unknown>);
      under += 1;
      if (under === 78) resolveAll();
      await all;
      return new Response();
    },
  });
  const deliveries = await emulator.webhooks.installStorm(URL_, { locationIds });
  expect(deliveries).toHaveLength(78);
  const companies = bodies.filter(({ installType }) => installType === "Company");
  expect(companies).toHaveLength(1);
  expect(companies[0]).not.toHaveProperty("locationId");
  expect(new Set(bodies.flatMap(({ locationId }) => locationId ?? []))).toEqual(new Set(locationIds));
  expect(new Set(bodies.map(({ webhookId }) => webhookId)).size).toBe(78);
  expect(bodies.every(({ type }) => type === "INSTALL")).toBe(true);
});
