import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isLifecycleType } from "../../src/events/lifecycle.ts";
import {
  createWebhookHandler,
  eventNames,
  eventOf,
  memoryDedupe,
  parseWebhook,
  type WebhookEventName,
  type WebhookHandlerOptions,
  wireType,
} from "../../src/index.ts";
import { createTestSigner, sampleEvent, type TestSigner } from "../../src/testing.ts";
import { APP_ID, at, now } from "../support.ts";

const LIFECYCLE = [
  "AppInstall",
  "AppUninstall",
  "AppUpdate",
  "AppPaymentStatus",
  "PlanChange",
  "ExternalAuthConnected",
] as const;
/** Every spelling of a hint: names, values of `type`, other letter cases, and none. */
const HINTS = [...new Set(eventNames.flatMap((name) => [name, wireType(name), wireType(name).toLowerCase()])), ""];

/** Returns the sample as an older event of another app: without `appId`, and without a `type` unless it is data. */
function anonymous(name: WebhookEventName): Readonly<Record<string, unknown>> {
  const fields = { webhookId: `webhook-${name}`, timestamp: at(0) };
  return sampleEvent(name, fields, { envelope: false }) as unknown as Readonly<Record<string, unknown>>;
}

function withoutType(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type: _type, ...rest } = body;
  return rest;
}

const bodies = eventNames.flatMap((name) => [
  { name, body: anonymous(name) },
  { name, body: withoutType(anonymous(name)) },
  { name, body: { ...anonymous(name), type: "one_time" } },
  { name, body: { ...anonymous(name), type: "Brand-new" } },
  { name, body: { ...anonymous(name), type: "BrandNewEvent" } },
]);

let signer: TestSigner;
beforeAll(async () => {
  signer = await createTestSigner();
});

const post = (body: object, query: string) =>
  signer.request({ ...body, timestamp: at(0) }, { url: `https://receiver.example/${query}` });
const hintedQuery = (hint: string): string => (hint === "" ? "" : `?event=${hint}`);

/** Creates a handler with a dedupe store that records the name of each event that ran. */
function recording(options: WebhookHandlerOptions = {}) {
  const ran: string[] = [];
  const handler = createWebhookHandler({
    keys: [signer.publicKey],
    appId: APP_ID,
    now,
    dedupe: memoryDedupe({ now }),
    onEvent: ({ name }) => void ran.push(name),
    onUnknown: () => void ran.push("unknown"),
    ...options,
  });
  return { ran, handler };
}

describe("a hint", () => {
  it("a hint never gives a body the name of a lifecycle event, nor of one that always names itself", () => {
    for (const { body } of bodies) {
      for (const hint of HINTS) {
        const event = eventOf(body, hint);
        if (event.name === "unknown" || event.identifiedBy === "type") continue;
        expect(LIFECYCLE).not.toContain(event.name);
        const alone = eventOf(body);
        expect(alone.name === "unknown" && alone.candidates).toContain(event.name);
      }
    }
  });

  it("a hint of a stranger gives a body that names no app at most its own name", () => {
    for (const { name, body } of bodies) {
      const names = new Set(HINTS.map((hint) => eventOf(body, hint, { mayChoose: false }).name));
      names.delete("unknown");
      expect([...names], `${name} ${JSON.stringify(body)}`).toEqual(names.size === 0 ? [] : [name]);
    }
  });

  it("a hint does not turn a body that has the marker of another event into that event", () => {
    // The end of a call has a `messageId`, like a provider's message, but no channel.
    const call = { ...withoutType(anonymous("VoiceAiCallEnd")), messageId: "m" };
    expect(eventOf(call, "ProviderOutboundMessage")).toMatchObject({ reason: "hint-contradicted" });
    // This event is newer than the package.
    const newer = { type: "MessageRead", messageId: "m" };
    expect(eventOf(newer, "ProviderOutboundMessage", { mayChoose: false })).toMatchObject({ name: "unknown" });
    // Only a provider's message is documented with a channel as `type`.
    const end = { type: "SMS", agentId: "a" };
    expect(eventOf(end, "VoiceAiCallEnd", { mayChoose: false })).toMatchObject({ reason: "hint-untrusted" });
  });

  it.each(["SMS", "Email", "sms"])("a hint identifies a provider's message of the channel %s", async (type) => {
    const { ran, handler } = recording();
    const body = { ...anonymous("ProviderOutboundMessage"), type };
    expect((await handler(await post(body, "?event=ProviderOutboundMessage"))).status).toBe(200);
    expect(ran).toEqual(["ProviderOutboundMessage"]);
  });

  it("a hint chooses among several events when the signed body names the app", async () => {
    const { ran, handler } = recording();
    await handler(await post({ ...anonymous("ProductDelete"), appId: APP_ID }, "?event=ProductDelete"));
    await handler(await post(anonymous("ProductDelete"), "?event=ProductDelete"));
    expect(ran).toEqual(["ProductDelete", "unknown"]);
  });

  const OTHER_APP_ID = "5f0000000000000000000009";
  const KEY = "0123456789abcdef";
  /** Cases in which several events fit: whether the hint may choose depends on the option `appId`, the app of the body, and the key. */
  const CHOICES = [undefined, APP_ID, [OTHER_APP_ID, APP_ID], OTHER_APP_ID].flatMap((option) =>
    [undefined, null, "", APP_ID, 5].flatMap((appId) =>
      [undefined, "none", "right"].map((key) => {
        const isConfigured = option !== undefined && option !== OTHER_APP_ID;
        const isRefused = option !== undefined && (appId === 5 || (appId === APP_ID && !isConfigured));
        const mayChoose = key === "right" || (isConfigured && appId === APP_ID);
        return { option, appId, key, expected: isRefused ? [] : [mayChoose ? "ProductDelete" : "unknown"] };
      }),
    ),
  );

  it.each(CHOICES)(
    "with the option appId $option, the body's app $appId and the key $key runs $expected",
    async ({ option, appId, key, expected }) => {
      const { ran, handler } = recording({
        appId: option as string,
        ...(key === undefined ? {} : { hintKey: KEY }),
        log: false,
      });
      const query = `?event=ProductDelete${key === "right" ? `&key=${KEY}` : ""}`;
      await handler(await post({ ...anonymous("ProductDelete"), appId }, query));
      expect(ran).toEqual(expected);
    },
  );

  it("a hint does not choose by the app of the body where no app is configured, however it is given", async () => {
    const body = JSON.stringify({ ...anonymous("InvoicePaid"), appId: APP_ID });
    const headers = { "x-ghl-signature": await signer.sign(body) };
    const options = { body, headers, keys: [signer.publicKey], toleranceMs: 1e15, hint: "InvoicePaid" };
    expect(await parseWebhook(options)).toMatchObject({ name: "unknown", reason: "hint-untrusted" });
    expect(await parseWebhook({ ...options, appId: APP_ID })).toMatchObject({ name: "InvoicePaid" });
    for (const hint of ["InvoicePaid", () => "InvoicePaid"] as const) {
      const { ran, handler } = recording({ appId: undefined as unknown as string, hint });
      await handler(await post(JSON.parse(body) as object, ""));
      expect(ran).toEqual(["unknown"]);
    }
  });

  it("a hint without the key names no body of an app that is not configured once there is a key", async () => {
    const { ran, handler } = recording({ appId: undefined as unknown as string, hintKey: KEY });
    const message = { ...anonymous("ProviderOutboundMessage"), type: "SMS", appId: OTHER_APP_ID };
    await handler(await post(message, "?event=ProviderOutboundMessage"));
    await handler(await post(message, `?event=ProviderOutboundMessage&key=${KEY}`));
    expect(ran).toEqual(["unknown", "ProviderOutboundMessage"]);
  });

  it("a hint chooses among several events when the URL has the key", async () => {
    const hintKey = "0123456789abcdef";
    const { ran, handler } = recording({ hintKey });
    for (const key of [hintKey, "", "0123456789abcdeg", `${hintKey}0`, hintKey.slice(0, 15)])
      await handler(await post(anonymous("ProductDelete"), `?event=ProductDelete&key=${key}`));
    expect(ran).toEqual(["ProductDelete", "unknown"]);
  });

  it("a hint decides nothing without the key once there is one, although one event alone fits", async () => {
    const hintKey = "0123456789abcdef";
    const message = { ...anonymous("ProviderOutboundMessage"), type: "SMS" };
    const { ran, handler } = recording({ hintKey });
    // This is a message that HighLevel sent to another provider of the same location.
    await handler(await post(message, "?event=ProviderOutboundMessage"));
    await handler(await post(message, `?event=ProviderOutboundMessage&key=${hintKey}`));
    await handler(await post(message, "?event=ProviderOutboundMessage"));
    await handler(await post({ ...message, appId: APP_ID }, "?event=ProviderOutboundMessage"));
    expect(ran).toEqual(["unknown", "ProviderOutboundMessage", "ProviderOutboundMessage"]);
    expect(eventOf(message, "ProviderOutboundMessage", { mayChoose: false, mayConfirm: false })).toMatchObject({
      reason: "hint-untrusted",
      candidates: ["ProviderOutboundMessage"],
    });
  });

  it.each(["short", "", 5 as unknown as string])("a hint with the key %j is refused at construction", (hintKey) => {
    expect(() => createWebhookHandler({ hintKey })).toThrow(
      expect.objectContaining({ code: "ERR_GHL_WEBHOOK_CONFIGURATION" }),
    );
  });

  it("a hint that is not trusted shows in the reason", async () => {
    const body = JSON.stringify(anonymous("InvoicePaid"));
    const delivery = { body, headers: { "x-ghl-signature": await signer.sign(body) }, keys: [signer.publicKey] };
    const options = { ...delivery, toleranceMs: Number.POSITIVE_INFINITY, hint: "InvoicePaid" };
    expect(await parseWebhook(options)).toMatchObject({ name: "unknown", reason: "hint-untrusted" });
    expect(await parseWebhook({ ...options, hintIsTrusted: true })).toMatchObject({ name: "InvoicePaid" });
  });
});

describe("a body", () => {
  const anyBody = fc.constantFrom(...bodies);
  const someHints = fc.array(fc.constantFrom(...HINTS), { maxLength: 8 });

  it("a body runs as one named event, whatever hints strangers post it under before the genuine delivery", async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, someHints, async ({ name, body }, hints) => {
        const { ran, handler } = recording();
        for (const hint of hints) await handler(await post(body, hintedQuery(hint)));
        const before = new Set(ran);
        await handler(await post(body, hintedQuery(name)));
        const named = ran.filter((one) => one !== "unknown");
        // It runs at most once with a name and once without, and only with its own name.
        expect(ran.length).toBe(new Set(ran).size);
        expect([[], [name]]).toContainEqual(named);
        // The genuine delivery runs unless the event ran with the same name.
        const alone = recording();
        await alone.handler(await post(body, hintedQuery(name)));
        for (const one of alone.ran) expect(ran).toContain(one);
        if (!before.has(name)) expect(ran.slice(before.size)).toEqual(alone.ran.filter((one) => !before.has(one)));
      }),
      { numRuns: 300 },
    );
  });

  it("a body of our app has one key under every hint that names it", async () => {
    const body = JSON.stringify({ ...anonymous("InvoicePaid"), appId: APP_ID });
    const headers = { "x-ghl-signature": await signer.sign(body) };
    const keys = new Set<string>();
    for (const hint of eventNames.filter((name) => name.startsWith("Invoice"))) {
      const options = { keys: [signer.publicKey], appId: APP_ID, toleranceMs: 1e15, hint };
      const parsed = await parseWebhook({ body, headers, ...options });
      expect(parsed.name).toBe(hint);
      keys.add(await parsed.dedupeKey());
    }
    expect(keys.size).toBe(1);
  });
});

describe("a lifecycle event", () => {
  it("a lifecycle event is every event that the portal lists under the app", () => {
    for (const name of eventNames) {
      const is = (LIFECYCLE as readonly string[]).includes(name);
      expect([isLifecycleType(name), isLifecycleType(wireType(name))]).toEqual([is, is]);
    }
  });

  it.each(LIFECYCLE)("%s runs only with a signed appId that is ours", async (name) => {
    const { ran, handler } = recording();
    const statuses = [];
    for (const appId of [undefined, null, "", "a".repeat(24), APP_ID])
      statuses.push((await handler(await post({ ...anonymous(name), appId }, ""))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 200]);
    expect(ran).toEqual([name]);
  });
});
