import { allRoutes } from "@ghl-edge/client/routes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { createEmulator, DEFAULT_COMPANY, type EmulatorOptions } from "../../src/index.ts";
import { breaches } from "../api/breaches.ts";
import { oddities } from "../api/well-known.ts";
import { ask, clockedEmulator, LOCATION } from "../support.ts";

const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
const DATED = "2021-07-28";

type Json = Record<string, unknown>;

function seeded(options: EmulatorOptions = {}) {
  const { emulator, clock } = clockedEmulator({
    seedRecords: "small",
    checks: "strict",
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [
      { token: "pit-1", resource: { kind: "location", id: LOCATION }, scopes: ALL_SCOPES },
      { token: "pit-2", resource: { kind: "location", id: DEFAULT_COMPANY.locations[1]!.id }, scopes: ALL_SCOPES },
    ],
    ...options,
  });
  const call = async (
    method: string,
    path: string,
    { body, version = "v3", token = "pit-1" }: { body?: unknown; version?: string; token?: string } = {},
  ): Promise<Json> => {
    const headers = { authorization: `Bearer ${token}`, version, "content-type": "application/json" };
    const response = await ask(emulator, path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Json;
  };
  return { emulator, clock, call };
}

const list = (answer: Json, name: string): Json[] => answer[name] as Json[];
const contactsOf = async (
  { call }: ReturnType<typeof seeded>,
  token = "pit-1",
  locationId = LOCATION,
): Promise<Json[]> =>
  list(
    await call("POST", "/contacts/search", { body: { locationId, pageLimit: 100, page: 1 }, version: "v3", token }),
    "contacts",
  );

describe("seeded records", () => {
  test("seeded records are absent in a test's emulator, but for the locations of the options", () => {
    expect(clockedEmulator().emulator.records()).toEqual({ locations: 2 });
    expect(clockedEmulator({ seedRecords: 0 }).emulator.records()).toEqual({ locations: 2 });
  });

  test("seeded records are the same for the same seed, and others for another seed or location", async () => {
    const ids = async (...given: Parameters<typeof contactsOf>) => (await contactsOf(...given)).map(({ id }) => id);
    const first = await ids(seeded());
    expect(first).toHaveLength(10);
    expect(await ids(seeded())).toEqual(first);
    expect(await ids(seeded({ seed: "other" }))).not.toEqual(first);
    expect(await ids(seeded(), "pit-2", DEFAULT_COMPANY.locations[1]!.id)).not.toEqual(first);
  });

  test("seeded records leave the ids of what a test creates as they are", async () => {
    const created = async (options: EmulatorOptions) => {
      const answer = await seeded(options).call("POST", "/contacts/", { body: { locationId: LOCATION } });
      return (answer.contact as Json).id;
    };
    expect(await created({ seedRecords: 50 })).toBe(await created({ seedRecords: "off" }));
  });

  test("seeded records send no webhooks", async () => {
    const app = { clientId: "a", clientSecret: "b", webhookUrl: "https://app.example/", installedIn: [LOCATION] };
    const { emulator, call } = seeded({ apps: [app], fetch: async () => new Response() });
    await call("GET", `/locations/${LOCATION}/tags`);
    await emulator.webhooks.settled();
    expect(emulator.webhooks.sent).toEqual([]);
  });

  test("seeded records of any number have their own e-mail addresses and phone numbers, and page to the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1200 }), fc.string({ minLength: 1 }), async (count, seed) => {
        const { call } = seeded({ seedRecords: count, seed });
        const contacts: Json[] = [];
        for (let page = 1; ; page++) {
          const answer = await call("POST", "/contacts/search", {
            body: { locationId: LOCATION, pageLimit: 100, page },
          });
          const found = list(answer, "contacts");
          contacts.push(...found);
          if (found.length < 100) break;
        }
        for (const member of ["id", "email", "phone"])
          expect(new Set(contacts.map((contact) => contact[member])).size, member).toBe(count);
        expect(oddities(contacts, () => false)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

describe("ids refer to each other", () => {
  const setup = async () => {
    const all = seeded({ seedRecords: 24 });
    const { call } = all;
    const contacts = await contactsOf(all);
    const byId = new Map(contacts.map((contact) => [contact.id, contact]));
    return { ...all, call, contacts, byId };
  };

  test("an opportunity refers to an existing stage, pipeline and contact", async () => {
    const { call, byId } = await setup();
    const pipelines = list(await call("GET", `/opportunities/pipelines?locationId=${LOCATION}`), "pipelines");
    const stages = pipelines.flatMap((one) => list(one, "stages").map(({ id }) => `${String(one.id)} ${String(id)}`));
    const path = `/opportunities/search?location_id=${LOCATION}&limit=100`;
    const opportunities = list(await call("GET", path, { version: DATED }), "opportunities");
    expect(opportunities).toHaveLength(12);
    for (const { pipelineId, pipelineStageId, contactId, contact } of opportunities) {
      expect(stages).toContain(`${String(pipelineId)} ${String(pipelineStageId)}`);
      expect(byId.get(contactId)).toMatchObject({ email: (contact as Json).email });
    }
  });

  test("a conversation refers to an existing contact, and its messages refer to it", async () => {
    const { call, byId } = await setup();
    const path = `/conversations/search?locationId=${LOCATION}&limit=100`;
    const conversations = list(await call("GET", path), "conversations");
    expect(conversations).toHaveLength(12);
    for (const { id, contactId, fullName, lastMessageBody } of conversations) {
      expect(byId.get(contactId)?.contactName ?? byId.get(contactId)?.name).toBe(fullName);
      const answer = await call("GET", `/conversations/${String(id)}/messages`);
      // The newest message comes first.
      const messages = JSON.stringify(answer.messages);
      expect(messages.indexOf(JSON.stringify(lastMessageBody))).toBeGreaterThan(0);
      expect(messages).toContain(JSON.stringify(contactId));
    }
  });

  test("an appointment's contact, calendar and user; a contact's custom fields, notes and tasks", async () => {
    const { call, byId, contacts } = await setup();
    const calendars = list(await call("GET", `/calendars/?locationId=${LOCATION}`), "calendars").map(({ id }) => id);
    const users = list(await call("GET", `/users/search?companyId=${DEFAULT_COMPANY.id}`), "users").map(({ id }) => id);
    const range = `startTime=0&endTime=${Date.parse("2100-01-01")}`;
    const events = list(
      await call("GET", `/calendars/events?locationId=${LOCATION}&${range}&calendarId=${String(calendars[0])}`),
      "events",
    );
    expect(events).toHaveLength(8);
    for (const { calendarId, contactId, assignedUserId } of events) {
      expect(calendars).toContain(calendarId);
      expect(users).toContain(assignedUserId);
      expect(byId.has(contactId)).toBe(true);
    }
    const fields = list(await call("GET", `/locations/${LOCATION}/customFields`), "customFields").map(({ id }) => id);
    for (const { customFields } of contacts) for (const { id } of customFields as Json[]) expect(fields).toContain(id);
    const notes = await Promise.all(contacts.map(({ id }) => call("GET", `/contacts/${String(id)}/notes`)));
    expect(notes.flatMap((one) => list(one, "notes"))).toHaveLength(8);
    const tasks = list(await call("POST", `/locations/${LOCATION}/tasks/search`, { body: {} }), "tasks");
    expect(tasks.every(({ contactId }) => byId.has(contactId))).toBe(true);
  });

  test("a price's product, an order's contact, a payment's order, a record's object", async () => {
    const { call, byId } = await setup();
    const products = list(await call("GET", `/products/?locationId=${LOCATION}`), "products");
    for (const { _id } of products) {
      const path = `/products/${String(_id)}/price?locationId=${LOCATION}`;
      expect(list(await call("GET", path), "prices")).toMatchObject([{ product: _id }]);
    }
    const owner = `altId=${LOCATION}`;
    const orders = list(await call("GET", `/payments/orders?${owner}`), "data");
    const payments = list(await call("GET", `/payments/transactions?${owner}&altType=location`), "data");
    expect(orders).toHaveLength(6);
    expect(orders.every(({ contactId }) => byId.has(contactId))).toBe(true);
    const paid = orders.filter(({ status }) => status === "completed");
    expect(paid).toHaveLength(3);
    expect(payments.map(({ entityId }) => entityId)).toEqual(paid.map(({ _id }) => _id));
    const [schema] = list(await call("GET", `/objects/?locationId=${LOCATION}`), "objects");
    const body = { locationId: LOCATION, page: 1, pageLimit: 10, query: "", searchAfter: [] };
    const records = list(await call("POST", `/objects/${String(schema!.key)}/records/search`, { body }), "records");
    expect(records).toHaveLength(8);
    expect(records.every(({ objectKey }) => objectKey === schema!.key)).toBe(true);
  });
});

test("every seeded record is read by its id, and its answer is one the document allows, in both generations", async () => {
  const { emulator } = seeded();
  expect(emulator.records()).toMatchObject({ contacts: 20, pipelines: 2, opportunities: 10, products: 4 });
  const company = { kind: "company", id: DEFAULT_COMPANY.id } as const;
  const { call } = seeded({
    privateTokens: [
      { token: "pit-1", resource: { kind: "location", id: LOCATION }, scopes: ALL_SCOPES },
      { token: "pit-c", resource: company, scopes: ALL_SCOPES },
    ],
  });
  const owner = `locationId=${LOCATION}&altId=${LOCATION}&altType=location&limit=5&offset=0`;
  const reads: readonly (readonly [module: string, list: string, items: string, read: string, operationId: string])[] =
    [
      ["users", "/users/search?companyId=x&", "users", "/users/{}", "get-user"],
      ["calendars", "/calendars/?", "calendars", "/calendars/{}", "get-calendar"],
      ["conversations", "/conversations/search?", "conversations", "/conversations/{}", "get-conversation"],
      [
        "locations",
        `/locations/${LOCATION}/customFields?`,
        "customFields",
        `/locations/${LOCATION}/customFields/{}`,
        "get-custom-field",
      ],
      ["locations", `/locations/${LOCATION}/tags?`, "tags", `/locations/${LOCATION}/tags/{}`, "get-tag-by-id"],
      ["products", "/products/?", "products", "/products/{}?", "get-product-by-id"],
      ["payments", "/payments/orders?", "data", "/payments/orders/{}?", "get-order-by-id"],
      ["payments", "/payments/transactions?", "data", "/payments/transactions/{}?", "get-transaction-by-id"],
      ["invoices", "/invoices/?", "invoices", "/invoices/{}?", "get-invoice"],
    ];
  for (const [api, version] of [["v2", DATED] as const, ["v3", "v3"] as const])
    for (const [module, path, items, read, operationId] of reads) {
      // Lists are read leniently: each takes other parameters than the others.
      const lenient = seeded({ checks: "lenient" });
      const [first] = list(await lenient.call("GET", path + owner, { version }), items);
      const id = String(first!.id ?? first!._id);
      const answer = await lenient.call("GET", read.replace("{}", id) + (read.endsWith("?") ? owner : ""), { version });
      expect(JSON.stringify(answer), operationId).toContain(id);
      const { schema, schemas } = await loadAnswer(api, module, operationId);
      const isDefect = (one: string) => module === "invoices" && one.endsWith("]: object, not string");
      expect(
        breaches(schema!, answer, { schemas }).filter((one) => !isDefect(one)),
        `${api} ${operationId}`,
      ).toEqual([]);
    }
  const { location } = (await call("GET", `/locations/${LOCATION}`, { version: "v3", token: "pit-c" })) as {
    location: Json;
  };
  expect(location).toMatchObject({
    id: LOCATION,
    name: DEFAULT_COMPANY.locations[0]!.name,
    companyId: DEFAULT_COMPANY.id,
  });
});

test("a custom field that is sent by its key is shown with its id", async () => {
  const { call } = seeded({ checks: "lenient" });
  const fields = list(await call("GET", `/locations/${LOCATION}/customFields`), "customFields");
  const field = fields.find(({ fieldKey }) => fieldKey === "contact.preferred_time");
  const sent = { locationId: LOCATION, customFields: [{ key: "preferred_time", field_value: "evenings" }] };
  const { contact } = (await call("POST", "/contacts/", { body: sent })) as { contact: Json };
  expect(contact.customFields).toEqual([{ id: field!.id, value: "evenings" }]);
});

test("a custom field whose key is unknown never has the id of its contact", async () => {
  const { call } = seeded({ checks: "lenient" });
  const sent = { locationId: LOCATION, customFields: [{ key: "favorite_color", field_value: "blue" }] };
  const { contact } = (await call("POST", "/contacts/", { body: sent })) as { contact: Json };
  expect(contact.customFields).toEqual([{ id: "favorite_color", value: "blue" }]);
});

test("a change of one custom field leaves the other custom fields as they are", async () => {
  const { call } = seeded({ checks: "lenient" });
  const first = [
    { id: "f1", field_value: "a" },
    { id: "f2", field_value: "b" },
  ];
  const email = "ada@example.com";
  const { contact } = (await call("POST", "/contacts/", {
    body: { locationId: LOCATION, email, customFields: first },
  })) as {
    contact: Json;
  };
  const path = `/contacts/${String(contact.id)}`;
  await call("PUT", path, { body: { customFields: [{ id: "f1", field_value: "c" }] } });
  await call("POST", "/contacts/upsert", {
    body: {
      locationId: LOCATION,
      email,
      customFields: [{ id: "f3", field_value: "d" }],
    },
  });
  const read = (await call("GET", path)) as { contact: Json };
  const values = Object.fromEntries((read.contact.customFields as Json[]).map(({ id, value }) => [id, value]));
  expect(values).toEqual({ f1: "c", f2: "b", f3: "d" });
});

test("a number of records that would fill the memory is refused", () => {
  expect(() => createEmulator({ seedRecords: 5001 })).toThrow("seedRecords must be");
  expect(() => createEmulator({ seedRecords: "big" as never })).toThrow("seedRecords must be off, small or a number");
});
