import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { SentEvent } from "@ghl-edge/emulator";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OverflowEvent } from "../../src/domain/contracts/overflow.ts";
import type { InboxEvent } from "../../src/domain/events/inbox-event.ts";
import { TokenGrant } from "../../src/objects/token-grant/token-grant.ts";
import { WebhookInbox } from "../../src/objects/webhook-inbox/webhook-inbox.ts";
import { readObjects } from "../../src/platform/env.ts";
import { storeOverflow } from "../../src/services/overflow.ts";
import { call, settled, upstream } from "../support/calls/gateway.ts";
import { APP, COMPANY, LOCATIONS } from "../support/setup/settings.ts";

const locations = LOCATIONS.slice(20, 80);
const nextLocation = (): string => locations.shift()!;
const today = (): string => new Date().toISOString().slice(0, 10);

function post(sent: Pick<SentEvent, "body" | "signature">, path = `/webhooks/${APP}`): Promise<Response> {
  return call(path, { method: "POST", headers: { "x-ghl-signature": sent.signature }, body: sent.body });
}

type Row = Record<string, unknown>;
const rowsOf = (name: string): Promise<Row[]> =>
  runInDurableObject(env.WEBHOOK_INBOX.getByName(`${APP}:${name}`), (_object, state) =>
    state.storage.sql.exec("SELECT * FROM event").toArray(),
  );
const inboxes = async (): Promise<number> => (await listDurableObjectIds(env.WEBHOOK_INBOX)).length;

describe("a signed event", () => {
  it("a signed event is stored byte for byte before it is acknowledged", async () => {
    const location = nextLocation();
    const sent = await upstream.sign("ContactCreate", { locationId: location, name: "Zoë" });
    const response = await post(sent);
    expect([response.status, await response.json()]).toEqual([200, { outcome: "stored" }]);
    const [row, ...more] = await rowsOf(`location:${location}:${today()}`);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      name: "ContactCreate",
      type: "ContactCreate",
      webhook_id: sent.webhookId,
      quarantined: 0,
    });
    expect(new TextDecoder().decode(row!.body as ArrayBuffer)).toBe(sent.body);
  });

  it("a signed event is stored once, however often it comes, also at the same time", async () => {
    const location = nextLocation();
    const sent = await upstream.sign("ContactUpdate", { locationId: location });
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(sent)));
    const outcomes = await Promise.all(
      responses.map(async (response) => (await response.json()) as { outcome: string }),
    );
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(outcomes.filter(({ outcome }) => outcome === "stored")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(19);
    expect(await rowsOf(`location:${location}:${today()}`)).toHaveLength(1);
  });

  it("two signed events of one record are stored as two events", async () => {
    const location = nextLocation();
    for (let i = 0; i < 2; i++) await post(await upstream.sign("ContactUpdate", { locationId: location, id: "same" }));
    expect(await rowsOf(`location:${location}:${today()}`)).toHaveLength(2);
  });

  it("a signed event of a company, of nobody, without a time, or with an unknown name has its inbox", async () => {
    await post(await upstream.sign("INSTALL", { companyId: COMPANY }));
    expect(await rowsOf(`company:${COMPANY}:${today()}`)).toMatchObject([{ name: "AppInstall", type: "INSTALL" }]);
    await post(await upstream.sign("SomethingNew", { timestamp: "no date" }));
    expect(await rowsOf("none:undated")).toMatchObject([{ name: "unknown", type: "SomethingNew", event_at_ms: null }]);
  });

  it.each([2, 25, 70, 72.9])(
    "a signed event that is %s h old and comes for the first time is stored as any other",
    async (hours) => {
      const location = nextLocation();
      const timestamp = new Date(Date.now() - hours * 3_600_000).toISOString();
      const sent = await upstream.sign("ContactCreate", { locationId: location, timestamp });
      expect(await (await post(sent)).json()).toEqual({ outcome: "stored" });
      expect(await (await post(sent)).json()).toEqual({ outcome: "duplicate" });
      const rows = await rowsOf(`location:${location}:${timestamp.slice(0, 10)}`);
      expect(rows).toMatchObject([{ quarantined: 0 }]);
    },
  );

  it("a signed event names itself by the URL where its body does not", async () => {
    const location = nextLocation();
    const invoice = { altId: location, altType: "location", invoiceNumber: "1", invoiceItems: [] };
    const sent = await upstream.sign("", invoice);
    await post(sent, `/webhooks/${APP}?event=InvoicePaid`);
    expect(await rowsOf(`location:${location}:${today()}`)).toMatchObject([{ name: "InvoicePaid", type: null }]);
  });
});

describe("the URL, which nobody signs", () => {
  /** An event as another app of the location gets it. HighLevel's samples of it name neither an event nor an app. */
  const anonymous = (location: string, fields: Record<string, unknown>) =>
    upstream.sign("", {
      locationId: location,
      appId: null,
      webhookId: null,
      ...fields,
    });
  const SCHEMA = { primaryDisplayProperty: "custom_objects.pet.name" };
  const namesAt = async (location: string): Promise<unknown[]> =>
    (await rowsOf(`location:${location}:${today()}`)).map(({ name }) => name);

  it("the URL does not uninstall: a body without type and app is no UNINSTALL under any hint", async () => {
    const location = nextLocation();
    const uninstalled = vi.spyOn(TokenGrant.prototype, "applyUninstallEvent");
    const installed = vi.spyOn(TokenGrant.prototype, "applyInstallEvent");
    const sent = await anonymous(location, SCHEMA);
    for (const hint of [
      "AppUninstall",
      "UNINSTALL",
      "uninstall",
      "AppInstall",
      "INSTALL",
      "PlanChange",
      "ContactDelete",
    ])
      expect((await post(sent, `/webhooks/${APP}?event=${hint}`)).status).toBe(200);
    await settled(`location:${location}:${today()}`);
    expect(await namesAt(location)).toEqual(["unknown"]);
    expect(uninstalled).not.toHaveBeenCalled();
    expect(installed).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each(["UNINSTALL", "INSTALL", "UPDATE", "PLAN_CHANGE"])(
    "the URL does not make up for an %s without an app",
    async (type) => {
      const sent = await upstream.sign(type, { locationId: nextLocation(), appId: null });
      expect((await post(sent)).status).toBe(401);
    },
  );

  it("the URL gives no name that another event's body would have, and takes none from the genuine delivery", async () => {
    const location = nextLocation();
    const sent = await anonymous(location, SCHEMA);
    // A stranger is first, and wrong; nothing says which of the two events the body is.
    await post(sent, `/webhooks/${APP}?event=ObjectSchemaUpdate`);
    await post(sent, `/webhooks/${APP}?event=ObjectSchemaCreate`);
    expect(await namesAt(location)).toEqual(["unknown"]);
    const message = await anonymous(location, { type: "SMS", messageId: "m1" });
    await post(message, `/webhooks/${APP}?event=AppUninstall`);
    expect(await (await post(message, `/webhooks/${APP}/provider`)).json()).toEqual({ outcome: "stored" });
    expect(await (await post(message, `/webhooks/${APP}/provider`)).json()).toEqual({ outcome: "duplicate" });
    expect(await namesAt(location)).toEqual(["unknown", "unknown", "ProviderOutboundMessage"]);
  });

  it("the URL names one event of a body that is ours, under whatever hints it comes", async () => {
    const location = nextLocation();
    const sent = await upstream.sign("", { locationId: location, primaryDisplayProperty: "name" });
    const outcomes = [];
    for (const hint of ["ObjectSchemaCreate", "ObjectSchemaUpdate", "objectschemacreate"])
      outcomes.push(await (await post(sent, `/webhooks/${APP}?event=${hint}`)).json());
    expect(outcomes).toEqual([{ outcome: "stored" }, { outcome: "duplicate" }, { outcome: "duplicate" }]);
    expect(await namesAt(location)).toEqual(["ObjectSchemaCreate"]);
  });
});

describe("a refused webhook", () => {
  const flip = (signature: string): string => (signature.startsWith("A") ? "B" : "A") + signature.slice(1);

  it.each<[string, (sent: SentEvent) => { body: string; signature: string }]>([
    ["a flipped bit in the signature", ({ body, signature }) => ({ body, signature: flip(signature) })],
    ["a changed body", ({ body, signature }) => ({ body: body.replace("A", "B"), signature })],
    [
      "the same JSON written again",
      ({ body, signature }) => ({ body: JSON.stringify(JSON.parse(body), null, 1), signature }),
    ],
    ["no signature", ({ body }) => ({ body, signature: "" })],
    ["N/A for a signature", ({ body }) => ({ body, signature: "N/A" })],
  ])("a webhook with %s is refused, and nothing is stored", async (_what, forge) => {
    const before = await inboxes();
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation(), name: "A" });
    const response = await post(forge(sent));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "ERR_GHL_GATEWAY_WEBHOOK_REFUSED" });
    expect(await inboxes()).toBe(before);
  });

  it("an event of another app, genuinely signed, is refused, and nothing is stored", async () => {
    const before = await inboxes();
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation(), appId: "a".repeat(24) });
    expect((await post(sent)).status).toBe(401);
    expect(await inboxes()).toBe(before);
  });

  it("an event for an app that is missing from APPS is to be sent again, and the log names the app", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation() });
    const answer = await post(sent, "/webhooks/other");
    vi.restoreAllMocks();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ what: "request", httpStatus: 429, setting: "APPS.other", expected: "set" }),
    );
  });

  it("a webhook with an unknown app, another method, or a body over a megabyte is refused", async () => {
    const before = await inboxes();
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation() });
    expect((await post(sent, "/webhooks/No%20App")).status).toBe(404);
    const get = await call(`/webhooks/${APP}`);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    const large = await upstream.sign("ContactCreate", { locationId: nextLocation(), name: "x".repeat(1_048_576) });
    expect((await post(large)).status).toBe(413);
    expect(await inboxes()).toBe(before);
  });

  it("a body of exactly a megabyte is not too large", async () => {
    const location = nextLocation();
    const short = await upstream.sign("ContactCreate", { locationId: location, name: "" });
    const exact = await upstream.sign("ContactCreate", {
      locationId: location,
      name: "x".repeat(1_048_576 - short.body.length),
    });
    expect(exact.body).toHaveLength(1_048_576);
    expect(await (await post(exact)).json()).toEqual({ outcome: "stored" });
  });
});

describe("a failure inside", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const broken = () => Promise.reject(new Error("broken"));

  it("an event whose inbox fails once is stored through a fresh stub", async () => {
    const location = nextLocation();
    const sent = await upstream.sign("ContactCreate", { locationId: location });
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementationOnce(broken);
    expect(await (await post(sent)).json()).toEqual({ outcome: "stored" });
    expect(await rowsOf(`location:${location}:${today()}`)).toHaveLength(1);
  });

  it("an event whose inbox cannot be reached goes by the queue, and arrives once", async () => {
    const location = nextLocation();
    const sent = await upstream.sign("ContactCreate", { locationId: location });
    const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    expect(await (await post(sent)).json()).toEqual({ outcome: "queued" });
    store.mockRestore();
    await vi.waitFor(
      async () => expect(await rowsOf(`location:${location}:${today()}`)).toMatchObject([{ name: "ContactCreate" }]),
      { timeout: 20_000, interval: 200 },
    );
    expect(await (await post(sent)).json()).toEqual({ outcome: "duplicate" });
  });

  it("an event whose inbox cannot be reached is delayed by the queue, longer each time, until the inbox is there", async () => {
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    const parsed = { dedupeKey: "a".repeat(64), name: "ContactCreate", body: new Uint8Array() };
    const tenant = { app: APP, resource: undefined, day: "undated" };
    const body = { tenant, event: parsed as unknown as InboxEvent };
    const delays: unknown[] = [];
    const message = (attempts: number) => ({
      body,
      attempts,
      retry: ({ delaySeconds }: { delaySeconds: number }) => delays.push(delaySeconds),
      ack: () => delays.push("acknowledged"),
    });
    const messages = [1, 2, 3, 20].map(message) as unknown as Message<OverflowEvent>[];
    await storeOverflow(messages, { objects: readObjects(env), successPercent: 100 });
    expect(delays).toEqual([10, 20, 40, 3_600]);
  });

  it("an event is answered with 429 where the queue is away, too, so that HighLevel sends it again", async () => {
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation() });
    const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    const send = vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "send").mockImplementation(broken);
    const response = await post(sent);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(await response.json()).toMatchObject({ code: "ERR_GHL_GATEWAY_WEBHOOK_NOT_STORED" });
    expect(send).toHaveBeenCalledOnce();
    store.mockRestore();
    expect(await (await post(sent)).json()).toEqual({ outcome: "stored" });
  });

  it("an event is answered with 429 where the inbox is away and the event is too large for the queue", async () => {
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation(), name: "x".repeat(130_000) });
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    expect((await post(sent)).status).toBe(429);
  });

  it("an unexpected failure is answered with 429, too", async () => {
    const sent = await upstream.sign("ContactCreate", { locationId: nextLocation() });
    vi.spyOn(crypto.subtle, "verify").mockImplementation(broken);
    expect((await post(sent)).status).toBe(429);
  });
});
