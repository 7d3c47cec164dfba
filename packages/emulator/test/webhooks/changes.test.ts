import { allRoutes } from "@ghl-edge/client/routes";
import { createWebhookVerifier } from "@ghl-edge/webhooks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY, type EmulatedApp, type EmulatorOptions } from "../../src/index.ts";
import { ask, clockedEmulator, installApp, json, LOCATION } from "../support.ts";

const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
const OTHER = DEFAULT_COMPANY.locations[1]!.id;
const URL_ = "https://app.example/webhooks";
const APP: EmulatedApp = { ...DEFAULT_APP, webhookUrl: URL_, installedIn: [LOCATION] };

type Json = Record<string, unknown>;

/** An emulator whose webhooks are kept, with a private token of each location to make changes with. */
function listening(apps: readonly EmulatedApp[] = [APP], options: EmulatorOptions = {}) {
  const received: { url: string; body: string; request: Request; payload: Json }[] = [];
  const { emulator, clock } = clockedEmulator({
    apps,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [LOCATION, OTHER].map((id) => ({
      token: `pit-${id}`,
      resource: { kind: "location", id },
      scopes: ALL_SCOPES,
    })),
    fetch: async (request) => {
      const body = await request.clone().text();
      received.push({ url: request.url, body, request, payload: JSON.parse(body) as Json });
      return new Response();
    },
    ...options,
  });
  const call = async (
    method: string,
    path: string,
    { body, token = `pit-${LOCATION}` }: { body?: unknown; token?: string } = {},
  ): Promise<Json> => {
    const init = {
      method,
      headers: { authorization: `Bearer ${token}`, version: "v3", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const response = await ask(emulator, path, init);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return json(response);
  };
  /** Names of the events since the last call. */
  const events = async (): Promise<string[]> => {
    await emulator.webhooks.settled();
    return received.splice(0).map(({ payload }) => String(payload.type));
  };
  return { emulator, clock, call, events, received };
}

const idOf = (answer: Json, member: string): string => {
  const record = (answer[member] ?? answer) as Json;
  return String(record.id ?? record._id);
};

describe("a change of a record sends its events", () => {
  test("a change of a contact sends its events: creation, fields, tags, do-not-disturb, deletion", async () => {
    const { call, events } = listening();
    const id = idOf(await call("POST", "/contacts/", { body: { locationId: LOCATION, firstName: "Ada" } }), "contact");
    expect(await events()).toEqual(["ContactCreate"]);
    await call("PUT", `/contacts/${id}`, { body: { lastName: "Lovelace" } });
    expect(await events()).toEqual(["ContactUpdate"]);
    await call("POST", `/contacts/${id}/tags`, { body: { tags: ["vip"] } });
    await call("POST", `/contacts/${id}/tags`, { body: { tags: ["vip"] } });
    expect(await events()).toEqual(["ContactTagUpdate"]);
    await call("PUT", `/contacts/${id}`, { body: { dnd: true, tags: ["a"], city: "Austin" } });
    expect(await events()).toEqual(["ContactTagUpdate", "ContactDndUpdate", "ContactUpdate"]);
    await call("DELETE", `/contacts/${id}`);
    expect(await events()).toEqual(["ContactDelete"]);
  });

  test("a completed task sends TaskComplete, any other change of a task sends nothing, and notes have events of their own", async () => {
    const { call, events } = listening();
    const id = idOf(await call("POST", "/contacts/", { body: { locationId: LOCATION } }), "contact");
    const note = idOf(await call("POST", `/contacts/${id}/notes`, { body: { body: "hello" } }), "note");
    await call("PUT", `/contacts/${id}/notes/${note}`, { body: { body: "bye" } });
    await call("DELETE", `/contacts/${id}/notes/${note}`);
    expect(await events()).toEqual(["ContactCreate", "NoteCreate", "NoteUpdate", "NoteDelete"]);
    const sent = { title: "t", dueDate: "2026-12-01T00:00:00Z", completed: false };
    const task = idOf(await call("POST", `/contacts/${id}/tasks`, { body: sent }), "task");
    await call("PUT", `/contacts/${id}/tasks/${task}`, { body: { title: "u" } });
    await call("PUT", `/contacts/${id}/tasks/${task}/completed`, { body: { completed: true } });
    await call("DELETE", `/contacts/${id}/tasks/${task}`);
    expect(await events()).toEqual(["TaskCreate", "TaskComplete", "TaskDelete"]);
  });

  test("opportunities: stage, status, value and assignee each have an event beside the update", async () => {
    const { call, events } = listening();
    const sent = {
      pipelineId: "p",
      pipelineStageId: "s",
      locationId: LOCATION,
      name: "Roof",
      status: "open",
      contactId: "c",
    };
    const id = idOf(await call("POST", "/opportunities/", { body: sent }), "opportunity");
    await call("PUT", `/opportunities/${id}`, { body: { pipelineStageId: "t" } });
    await call("PUT", `/opportunities/${id}/status`, { body: { status: "won" } });
    await call("PUT", `/opportunities/${id}`, { body: { monetaryValue: 5, assignedTo: "u" } });
    await call("PUT", `/opportunities/${id}`, { body: { name: "Wall" } });
    await call("DELETE", `/opportunities/${id}`);
    expect(await events()).toEqual([
      "OpportunityCreate",
      ...["OpportunityUpdate", "OpportunityStageUpdate"],
      ...["OpportunityUpdate", "OpportunityStatusUpdate"],
      ...["OpportunityUpdate", "OpportunityMonetaryValueUpdate", "OpportunityAssignedToUpdate"],
      "OpportunityUpdate",
      "OpportunityDelete",
    ]);
  });

  test("a change of an appointment, a message or an invoice sends its event", async () => {
    const { call, events } = listening();
    const times = { startTime: "2026-12-01T10:00:00Z", endTime: "2026-12-01T11:00:00Z" };
    const sent = { calendarId: "k", locationId: LOCATION, contactId: "c", ...times };
    const id = idOf(await call("POST", "/calendars/events/appointments", { body: sent }), "");
    await call("PUT", `/calendars/events/appointments/${id}`, { body: { title: "moved" } });
    await call("DELETE", `/calendars/events/${id}`, { body: {} });
    expect(await events()).toEqual(["AppointmentCreate", "AppointmentUpdate", "AppointmentDelete"]);
    await call("POST", "/conversations/messages", { body: { type: "SMS", contactId: "c", message: "hi" } });
    await call("POST", "/conversations/messages/inbound", { body: { type: "SMS", contactId: "c", message: "yes" } });
    expect(await events()).toEqual(["OutboundMessage", "InboundMessage", "ConversationUnreadUpdate"]);
    const items = [{ name: "Tile", amount: 2, qty: 4, currency: "USD" }];
    const owner = { altId: LOCATION, altType: "location" };
    const invoice = idOf(await call("POST", "/invoices/", { body: { ...owner, name: "Roof", items } }), "");
    await call("PUT", `/invoices/${invoice}`, { body: { ...owner, name: "Wall" } });
    await call("POST", `/invoices/${invoice}/send`, { body: owner });
    await call("POST", `/invoices/${invoice}/record-payment`, { body: { ...owner, amount: 3 } });
    await call("POST", `/invoices/${invoice}/record-payment`, { body: owner });
    await call("POST", `/invoices/${invoice}/void`, { body: owner });
    await call("DELETE", `/invoices/${invoice}?altId=${LOCATION}&altType=location`);
    expect(await events()).toEqual([
      ...["InvoiceCreate", "InvoiceUpdate", "InvoiceSent", "InvoicePartiallyPaid", "InvoicePaid", "InvoiceVoid"],
      "InvoiceDelete",
    ]);
  });

  test("products with prices, custom objects with records, and associations with relations send their events", async () => {
    const app = { ...APP, installedIn: [DEFAULT_COMPANY.id] };
    const { emulator, call, events } = listening([app]);
    const scope = ALL_SCOPES.join(" ");
    const { access_token } = await installApp(emulator, { companyId: DEFAULT_COMPANY.id, scope });
    await events();
    const owner = { locationId: LOCATION };
    const product = idOf(
      await call("POST", "/products/", { body: { ...owner, name: "Roof", productType: "SERVICE" } }),
      "",
    );
    const cost = { ...owner, name: "Standard", type: "one_time", currency: "USD", amount: 5 };
    const price = idOf(await call("POST", `/products/${product}/price`, { body: cost }), "");
    await call("PUT", `/products/${product}/price/${price}`, { body: { ...cost, amount: 6 } });
    await call("DELETE", `/products/${product}/price/${price}?locationId=${LOCATION}`);
    await call("DELETE", `/products/${product}?locationId=${LOCATION}`);
    expect(await events()).toEqual(["ProductCreate", "PriceCreate", "PriceUpdate", "PriceDelete", "ProductDelete"]);
    const labels = { singular: "Boat", plural: "Boats" };
    // The document lets an agency's token alone make an object.
    await call("POST", "/objects/", { body: { ...owner, key: "custom_objects.boat", labels }, token: access_token });
    await call("PUT", "/objects/custom_objects.boat", {
      body: { ...owner, description: "floats", searchableProperties: [] },
    });
    const records = "/objects/custom_objects.boat/records";
    const boat = idOf(
      await call("POST", records, { body: { ...owner, properties: { name: "Ada", seats: 2 } } }),
      "record",
    );
    const changed = await call("PUT", `${records}/${boat}`, { body: { ...owner, properties: { seats: 3 } } });
    expect((changed.record as Json).properties).toEqual({ name: "Ada", seats: 3 });
    await call("DELETE", `${records}/${boat}`);
    expect(await events()).toEqual([
      ...["ObjectSchemaCreate", "ObjectSchemaUpdate", "RecordCreate", "RecordUpdate", "RecordDelete"],
    ]);
    const association = {
      firstObjectKey: "contact",
      firstObjectLabel: "Owner",
      secondObjectKey: "custom_objects.boat",
    };
    const id = idOf(await call("POST", "/associations/", { body: { ...owner, ...association, key: "owner" } }), "");
    const ends = { associationId: id, firstRecordId: "c1", secondRecordId: boat };
    const relation = idOf(await call("POST", "/associations/relations", { body: { ...owner, ...ends } }), "");
    await call("DELETE", `/associations/relations/${relation}?locationId=${LOCATION}`);
    await call("DELETE", `/associations/${id}`);
    expect(await events()).toEqual(["AssociationCreate", "RelationCreate", "RelationDelete", "AssociationDelete"]);
  });

  test("an order that is paid, a location and a user that are made", async () => {
    const app = { ...APP, installedIn: [DEFAULT_COMPANY.id] };
    const { emulator, call, events, received } = listening([app], { seedRecords: "small" });
    const owner = `altId=${LOCATION}&altType=location`;
    const { data } = await call("GET", `/payments/orders?${owner}`);
    const pending = (data as Json[]).find(({ status }) => status === "pending");
    const payment = { altId: LOCATION, altType: "location", mode: "cash" };
    await call("POST", `/payments/orders/${String(pending!._id)}/record-payment`, { body: payment });
    expect(await events()).toEqual(["OrderStatusUpdate"]);
    const scope = ALL_SCOPES.join(" ");
    const { access_token } = await installApp(emulator, { companyId: DEFAULT_COMPANY.id, scope });
    await events();
    const made = await call("POST", "/locations/", {
      body: { name: "Third", companyId: DEFAULT_COMPANY.id },
      token: access_token,
    });
    await call("PUT", `/locations/${String(made.id)}`, {
      body: { name: "Third one", companyId: DEFAULT_COMPANY.id },
      token: access_token,
    });
    const person = { firstName: "Ada", lastName: "Evans", email: "ada@example.com", password: "hush-hush" };
    const user = { ...person, companyId: DEFAULT_COMPANY.id, locationIds: [LOCATION], type: "account", role: "user" };
    expect(await call("POST", "/users/", { body: user, token: access_token })).not.toHaveProperty("password");
    await emulator.webhooks.settled();
    expect(received.map(({ payload }) => payload)).toMatchObject([
      { type: "LocationCreate", id: made.id, companyId: DEFAULT_COMPANY.id, name: "Third" },
      { type: "LocationUpdate", name: "Third one" },
      { type: "UserCreate", firstName: "Ada" },
    ]);
    expect(JSON.stringify(received.map(({ body }) => body))).not.toContain("hush");
  });

  test("a payload is signed, names the event, and holds what the record holds", async () => {
    const { emulator, call, received, clock } = listening();
    const sent = { locationId: LOCATION, firstName: "Ada", email: "ada@example.com", tags: ["x"] };
    const id = idOf(await call("POST", "/contacts/", { body: sent }), "contact");
    await emulator.webhooks.settled();
    const [{ request, body, payload } = expect.fail("nothing was sent")] = received;
    await createWebhookVerifier({ keys: [await emulator.publicKey()], now: () => clock.nowMs }).verify({
      headers: request.headers,
      body,
    });
    expect(payload).toMatchObject({ type: "ContactCreate", id, ...sent, appId: "65f0c0ffee65f0c0ffee65f0" });
    expect(payload.versionId).not.toBe(payload.appId);
    expect(payload.timestamp).toBe(new Date(clock.nowMs).toISOString());
    expect(payload).not.toHaveProperty("companyId");
    expect(emulator.webhooks.sent.map(({ event, status }) => [event, status])).toEqual([["ContactCreate", 200]]);
  });
});

describe("an app gets", () => {
  const create = { locationId: LOCATION };

  test("an app gets only the events that it listens to, at the URL of the event", async () => {
    const messages = "https://app.example/messages";
    const app = { ...APP, events: ["contactcreate", { name: "OutboundMessage", url: messages }] };
    const { call, emulator, received } = listening([app]);
    const id = idOf(await call("POST", "/contacts/", { body: create }), "contact");
    await call("PUT", `/contacts/${id}`, { body: { city: "Austin" } });
    await call("POST", "/conversations/messages", { body: { type: "SMS", contactId: id, message: "hi" } });
    await emulator.webhooks.settled();
    expect(received.map(({ url, payload }) => [url, payload.type])).toEqual([
      [URL_, "ContactCreate"],
      [messages, "OutboundMessage"],
    ]);
  });

  test("an app gets events only of locations where it is installed, and an agency's installation covers its locations", async () => {
    const second = {
      clientId: "second",
      clientSecret: "s",
      webhookUrl: "https://second.example/",
      installedIn: [DEFAULT_COMPANY.id],
    };
    const { call, emulator, received } = listening([APP, second]);
    await call("POST", "/contacts/", { body: { locationId: OTHER }, token: `pit-${OTHER}` });
    await emulator.webhooks.settled();
    expect(received.map(({ url }) => url)).toEqual(["https://second.example/"]);
    await call("POST", "/contacts/", { body: create });
    await emulator.webhooks.settled();
    expect(received.map(({ url }) => url).toSorted()).toEqual([
      URL_,
      "https://second.example/",
      "https://second.example/",
    ]);
  });

  test("an app without a URL gets no events, and no app gets any where webhooks are off", async () => {
    const { webhookUrl: _none, ...silent } = APP;
    for (const { call, events } of [listening([silent]), listening([APP], { webhooks: false })]) {
      await call("POST", "/contacts/", { body: create });
      expect(await events()).toEqual([]);
    }
  });

  test("an app gets INSTALL with its first token, UNINSTALL at the end, and nothing after it", async () => {
    const { call, emulator, events, received } = listening([{ ...DEFAULT_APP, webhookUrl: URL_, events: [] }]);
    await installApp(emulator);
    await emulator.webhooks.settled();
    expect(received[0]?.payload).toMatchObject({ installType: "Location", locationId: LOCATION });
    emulator.uninstall({ kind: "location", id: LOCATION });
    await call("POST", "/contacts/", { body: create });
    expect(await events()).toEqual(["INSTALL", "UNINSTALL"]);
    await installApp(emulator, { companyId: DEFAULT_COMPANY.id });
    await emulator.webhooks.settled();
    const installs = received.map(({ payload }) => [payload.installType, payload.locationId]);
    expect(installs).toEqual([
      ["Company", undefined],
      ["Location", LOCATION],
      ["Location", OTHER],
    ]);
  });
});

describe("delivery", () => {
  test("first attempts keep the order of the changes, whatever the endpoint takes for each", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }), async (turns) => {
        const seen: unknown[] = [];
        const { call, emulator } = listening([APP], {
          fetch: async (request) => {
            const { city } = (await request.json()) as Json;
            for (let turn = turns[seen.length % turns.length]!; turn > 0; turn--) await Promise.resolve();
            seen.push(city);
            return new Response();
          },
        });
        const cities = turns.map((_turn, index) => `city ${index}`);
        for (const city of cities) await call("POST", "/contacts/", { body: { locationId: LOCATION, city } });
        await emulator.webhooks.settled();
        expect(seen).toEqual(cities);
      }),
      { numRuns: 20 },
    );
  });

  test("a failed event is repeated with the same bytes, and does not hold back the next one", async () => {
    const bodies: string[] = [];
    const waits: (() => void)[] = [];
    const { call, emulator } = listening([APP], {
      sleep: () => new Promise((resolve) => waits.push(resolve)),
      fetch: async (request) => {
        bodies.push(await request.text());
        return new Response(null, { status: bodies.length === 1 ? 500 : 200 });
      },
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION, city: "one" } });
    await call("POST", "/contacts/", { body: { locationId: LOCATION, city: "two" } });
    await expect.poll(() => bodies.length).toBe(2);
    expect(bodies.map((body) => (JSON.parse(body) as Json).city)).toEqual(["one", "two"]);
    expect(emulator.webhooks.pending()).toBe(1);
    waits[0]!();
    await emulator.webhooks.settled();
    expect(bodies[2]).toBe(bodies[0]);
    expect(emulator.webhooks.sent.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [1, 200],
      [2, 200],
    ]);
  });

  test("a delivery that waits for a retry can be cancelled", async () => {
    const { call, emulator } = listening([APP], {
      sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
      fetch: async () => new Response(null, { status: 500 }),
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION } });
    await expect.poll(() => emulator.webhooks.sent.length).toBe(1);
    emulator.webhooks.cancelPending();
    await emulator.webhooks.settled();
    expect(emulator.webhooks.sent).toHaveLength(1);
  });

  test("the policy is an option", async () => {
    const { call, emulator } = listening([APP], {
      webhooks: { retry: "429-only", speed: 1_000_000 },
      fetch: async () => new Response(null, { status: 500 }),
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION } });
    await emulator.webhooks.settled();
    expect(emulator.webhooks.sent).toHaveLength(1);
  });
});
