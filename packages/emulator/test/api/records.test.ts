import { allRoutes } from "@ghl-edge/client/routes";
import { beforeEach, describe, expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { behaviours } from "../../src/api/records/index.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { DEFAULT_COMPANY, type Emulator } from "../../src/index.ts";
import { ask, clockedEmulator, installApp, json, LOCATION } from "../support.ts";
import { breaches } from "./breaches.ts";

const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
const OTHER = DEFAULT_COMPANY.locations[1]!.id;
const DATED = "2021-07-28";

type Json = Record<string, unknown>;
interface CallOptions {
  readonly body?: unknown;
  readonly version?: string;
  readonly token?: string;
}
type Call = (method: string, path: string, options?: CallOptions) => Promise<Response>;

function caller(checks: "lenient" | "strict"): { emulator: Emulator; clock: { nowMs: number }; call: Call } {
  const { emulator, clock } = clockedEmulator({
    checks,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [LOCATION, OTHER].map((id) => ({
      token: `pit-${id}`,
      resource: { kind: "location", id },
      scopes: ALL_SCOPES,
    })),
  });
  const call: Call = (method, path, { body, version = "v3", token = `pit-${LOCATION}` } = {}) =>
    ask(emulator, path, {
      method,
      headers: { authorization: `Bearer ${token}`, version, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { emulator, clock, call };
}

let { emulator, clock, call } = caller("strict");
beforeEach(() => {
  ({ emulator, clock, call } = caller("strict"));
});

async function createContact(fields: Json = {}): Promise<string> {
  clock.nowMs += 1;
  const response = await call("POST", "/contacts/", { body: { locationId: LOCATION, ...fields } });
  expect(response.status).toBe(201);
  return ((await json(response)).contact as { id: string }).id;
}

describe("contacts", () => {
  test("a contact that was created is found, changed and gone", async () => {
    const id = await createContact({ firstName: "Ada", email: "ada@example.com", tags: ["x"] });
    const read = async () => (await json(call("GET", `/contacts/${id}`))).contact as Json;
    expect(await read()).toMatchObject({ id, firstName: "Ada", locationId: LOCATION, tags: ["x"] });
    clock.nowMs += 5;
    const changed = await json(call("PUT", `/contacts/${id}`, { body: { lastName: "Lovelace" } }));
    expect(changed).toMatchObject({
      succeeded: true,
      contact: { firstName: "Ada", lastName: "Lovelace", tags: ["x"] },
    });
    expect((await json(call("POST", `/contacts/${id}/tags`, { body: { tags: ["y", "x"] } }))).tags).toEqual(["x", "y"]);
    expect((await json(call("DELETE", `/contacts/${id}/tags`, { body: { tags: ["x"] } }))).tags).toEqual(["y"]);
    expect(await read()).toMatchObject({ tags: ["y"] });
    expect((await json(call("DELETE", `/contacts/${id}`))).succeded).toBe(true);
    expect((await call("GET", `/contacts/${id}`)).status).toBe(404);
  });

  test("upsert finds by email, and duplicates are found", async () => {
    const first = await json(
      call("POST", "/contacts/upsert", { body: { locationId: LOCATION, email: "a@example.com" } }),
    );
    const second = await json(
      call("POST", "/contacts/upsert", { body: { locationId: LOCATION, email: "a@example.com", firstName: "A" } }),
    );
    expect([first.new, second.new]).toEqual([true, false]);
    expect((second.contact as Json).id).toBe((first.contact as Json).id);
    const found = await json(call("GET", `/contacts/search/duplicate?locationId=${LOCATION}&email=a@example.com`));
    expect(found.contact).toMatchObject({ firstName: "A" });
  });

  test("contacts belong to one location", async () => {
    const id = await createContact();
    expect((await call("GET", `/contacts/${id}`, { version: "v3", token: `pit-${OTHER}` })).status).toBe(403);
    const foreign = await call("POST", "/contacts/", { body: { locationId: OTHER } });
    expect(foreign.status).toBe(403);
  });

  test("notes and tasks belong to a contact", async () => {
    const [mine, other] = [await createContact(), await createContact()];
    const note = (await json(call("POST", `/contacts/${mine}/notes`, { body: { body: "hello" } }))).note as Json;
    expect((await json(call("GET", `/contacts/${mine}/notes`))).notes).toMatchObject([{ id: note.id, body: "hello" }]);
    expect((await json(call("GET", `/contacts/${other}/notes`))).notes).toEqual([]);
    const sent = { title: "t", dueDate: "2026-12-01T00:00:00Z", completed: false };
    const task = (await json(call("POST", `/contacts/${mine}/tasks`, { body: sent }))).task as Json;
    const done = await json(
      call("PUT", `/contacts/${mine}/tasks/${task.id as string}/completed`, { body: { completed: true } }),
    );
    expect(done.task).toMatchObject({ title: "t", completed: true });
  });

  test("a v2 list is read by startAfter and startAfterId, to the end", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await createContact());
    const seen: string[] = [];
    for (let next = "", page = 0; page < 10; page++) {
      const answer = await json(call("GET", `/contacts/?locationId=${LOCATION}&limit=2${next}`, { version: DATED }));
      const contacts = answer.contacts as Json[];
      if (contacts.length === 0) break;
      seen.push(...contacts.map(({ id }) => id as string));
      const meta = answer.meta as Json;
      next = `&startAfter=${meta.startAfter as number}&startAfterId=${meta.startAfterId as string}`;
      expect(answer.count).toBe(5);
    }
    expect(seen).toEqual(ids);
  });

  test("a search continues by searchAfter and by page, and filters by words and fields", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await createContact({ firstName: i < 2 ? "Ada" : "Bob" }));
    const search = async (body: Json) =>
      (await json(call("POST", "/contacts/search", { body: { locationId: LOCATION, pageLimit: 2, ...body } }))) as {
        contacts: { id: string; searchAfter: unknown[] }[];
        total: number;
      };
    const seen: string[] = [];
    let page = await search({});
    while (page.contacts.length > 0) {
      seen.push(...page.contacts.map(({ id }) => id));
      page = await search({ searchAfter: page.contacts.at(-1)!.searchAfter });
    }
    expect(seen).toEqual(ids);
    expect((await search({ page: 3 })).contacts.map(({ id }) => id)).toEqual(ids.slice(4));
    expect((await search({ query: "ada" })).total).toBe(2);
    expect((await search({ filters: [{ field: "firstName", operator: "eq", value: "Bob" }] })).total).toBe(3);
  });

  test("an id that nobody has created is answered without strictness, and a deleted one is not", async () => {
    ({ emulator, clock, call } = caller("lenient"));
    expect((await call("GET", "/contacts/anything")).status).toBe(200);
    const id = await createContact();
    await call("DELETE", `/contacts/${id}`);
    expect((await call("GET", `/contacts/${id}`)).status).toBe(404);
  });
});

test("opportunities can be searched by cursor and by page, filtered, and given a status", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    clock.nowMs += 1;
    const sent = { pipelineId: "p1", locationId: LOCATION, name: `Roof ${i}`, status: "open", contactId: `c${i}` };
    ids.unshift(((await json(call("POST", "/opportunities/", { body: sent }))).opportunity as { id: string }).id);
  }
  const seen: unknown[] = [];
  for (let next = ""; ; ) {
    const answer = await json(
      call("GET", `/opportunities/search?location_id=${LOCATION}&limit=2${next}`, { version: DATED }),
    );
    const meta = answer.meta as Json;
    seen.push(...(answer.opportunities as Json[]).map(({ id }) => id));
    if (meta.nextPageUrl === null) break;
    next = `&startAfter=${meta.startAfter as number}&startAfterId=${meta.startAfterId as string}`;
  }
  expect(seen).toEqual(ids);
  await call("PUT", `/opportunities/${ids[0]!}/status`, { body: { status: "won" } });
  const won = await json(call("GET", `/opportunities/search?location_id=${LOCATION}&status=won`, { version: DATED }));
  expect(won.opportunities).toMatchObject([{ id: ids[0], status: "won" }]);
});

test("conversations: messages make one, lists page by their own keys", async () => {
  ({ emulator, clock, call } = caller("lenient"));
  const inbound = (contactId: string, message: string) => {
    clock.nowMs += 1;
    return json(call("POST", "/conversations/messages/inbound", { body: { type: "SMS", contactId, message } }));
  };
  const first = await inbound("c1", "one");
  for (const message of ["two", "three", "four", "five"])
    expect((await inbound("c1", message)).conversationId).toBe(first.conversationId);
  await inbound("c2", "other");
  const seen: unknown[] = [];
  for (let next = ""; ; ) {
    const path = `/conversations/${first.conversationId as string}/messages?limit=2${next}`;
    const answer = (await json(call("GET", path))).messages as Json;
    seen.push(...(answer.messages as Json[]).map(({ body }) => body));
    if (answer.nextPage !== true) break;
    next = `&lastMessageId=${answer.lastMessageId as string}`;
  }
  expect(seen).toEqual(["five", "four", "three", "two", "one"]);

  const exported: unknown[] = [];
  for (let next = ""; ; ) {
    const answer = await json(call("GET", `/conversations/messages/export?locationId=${LOCATION}&limit=4${next}`));
    exported.push(...(answer.messages as Json[]));
    if (typeof answer.nextCursor !== "string") break;
    next = `&cursor=${encodeURIComponent(answer.nextCursor)}`;
  }
  expect(exported).toHaveLength(6);

  const pages: unknown[] = [];
  for (let next = ""; ; ) {
    const answer = await json(call("GET", `/conversations/search?locationId=${LOCATION}&limit=1${next}`));
    const [conversation] = answer.conversations as Json[];
    if (conversation === undefined) break;
    pages.push(conversation.lastMessageBody);
    next = `&startAfterDate=${String(conversation.sort)}`;
  }
  expect(pages).toEqual(["other", "five"]);
});

test("messages: an SMS that is accepted is pending, then delivered by the clock, whatever status its sender had to name", async () => {
  ({ emulator, clock, call } = caller("lenient"));
  for (const fields of [{}, { status: "failed" }]) {
    const sent = await json(
      call("POST", "/conversations/messages", { body: { type: "SMS", contactId: "c1", message: "hi", ...fields } }),
    );
    const statusNow = async () => {
      const answer = await json(call("GET", `/conversations/messages/${sent.messageId as string}`));
      return ((answer.message ?? answer) as Json).status;
    };
    expect(await statusNow()).toBe("pending");
    clock.nowMs += 2_999;
    expect(await statusNow()).toBe("pending");
    clock.nowMs += 1;
    expect(await statusNow()).toBe("delivered");
  }
  for (const id of ["any", "other", "third"]) {
    const answer = await json(call("GET", `/conversations/messages/${id}`));
    expect(((answer.message ?? answer) as Json).status).not.toMatch(/fail|undeliver/);
  }
});

test("calendars: appointments are found by time, contact and id; notes page by offset", async () => {
  ({ emulator, clock, call } = caller("lenient"));
  const sent = { calendarId: "k1", locationId: LOCATION, contactId: "c1", startTime: "2026-12-01T10:00:00Z" };
  const { id } = (await json(call("POST", "/calendars/events/appointments", { body: sent }))) as { id: string };
  expect((await json(call("GET", `/calendars/events/appointments/${id}`))).appointment).toMatchObject({
    id,
    contactId: "c1",
  });
  const between = async (from: string, to: string) =>
    (
      await json(
        call("GET", `/calendars/events?locationId=${LOCATION}&startTime=${Date.parse(from)}&endTime=${Date.parse(to)}`),
      )
    ).events;
  expect(await between("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")).toHaveLength(1);
  expect(await between("2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z")).toEqual([]);
  expect((await json(call("GET", "/contacts/c1/appointments"))).events).toHaveLength(1);
  for (let i = 0; i < 3; i++) await call("POST", `/calendars/appointments/${id}/notes`, { body: { body: `n${i}` } });
  const notes = await json(call("GET", `/calendars/appointments/${id}/notes?limit=2&offset=2`));
  expect([(notes.notes as unknown[]).length, notes.hasMore]).toEqual([1, false]);
  expect((await call("DELETE", `/calendars/events/${id}`, { body: {} })).ok).toBe(true);
  expect((await call("GET", `/calendars/events/appointments/${id}`)).status).toBe(404);
});

test("invoices have totals, payments and pages", async () => {
  ({ emulator, clock, call } = caller("lenient"));
  const sent = {
    altId: LOCATION,
    altType: "location",
    name: "Roof",
    items: [{ name: "Tile", amount: 2.5, qty: 4, currency: "USD" }],
  };
  const { _id: id, total } = (await json(call("POST", "/invoices/", { body: sent }))) as { _id: string; total: number };
  expect(total).toBe(10);
  const read = await json(call("GET", `/invoices/${id}?altId=${LOCATION}&altType=location`));
  expect(read).toMatchObject({ _id: id, invoiceItems: [{ name: "Tile", qty: 4 }] });
  await call("POST", "/invoices/", { body: sent });
  const alt = `altId=${LOCATION}&altType=location`;
  const list = await json(call("GET", `/invoices/?${alt}&limit=1&offset=1`));
  expect([list.total, (list.invoices as Json[])[0]!._id]).toEqual([2, id]);
  const payment = { altId: LOCATION, altType: "location", mode: "cash", amount: 4 };
  const part = await json(call("POST", `/invoices/${id}/record-payment`, { body: payment }));
  expect(part.invoice).toMatchObject({ amountPaid: 4, amountDue: 6, status: "partially_paid" });
});

describe("strictness", () => {
  test("strictness refuses in HighLevel's words, and notes why", async () => {
    const response = await call("POST", "/contacts/", { body: { firstName: 1, nonsense: true } });
    expect([response.status, await response.json()]).toEqual([
      422,
      {
        statusCode: 422,
        message: ["firstName must be a string", "locationId must be a string", "property nonsense should not exist"],
        error: "Unprocessable Entity",
      },
    ]);
    expect(emulator.log.at(-1)).toMatchObject({
      refused: "validation",
      breaches: [{}, {}, {}].map(() => expect.any(String) as string),
    });
  });

  test("strictness refuses a query in HighLevel's words", async () => {
    const { message } = await json(call("GET", `/opportunities/search?limit=many&sort=up`, { version: DATED }));
    expect(message).toEqual([
      "limit must be a number conforming to the specified constraints",
      "location_id must be a string",
      "property sort should not exist",
    ]);
  });

  test("strictness refuses a malformed body in HighLevel's words", async () => {
    const init = {
      method: "POST",
      headers: { authorization: `Bearer pit-${LOCATION}`, version: "v3", "content-type": "application/json" },
    };
    expect((await ask(emulator, "/contacts/", { ...init, body: "{" })).status).toBe(400);
    expect((await ask(emulator, "/contacts/", init)).status).toBe(422);
  });

  test("a lenient emulator accepts a wrong request and notes its faults", async () => {
    ({ emulator, clock, call } = caller("lenient"));
    expect((await call("POST", "/contacts/", { body: { firstName: 1 } })).status).toBe(201);
    expect(emulator.log.at(-1)?.breaches).toEqual(["firstName must be a string", "locationId must be a string"]);
    expect(emulator.log.at(-1)?.refused).toBeUndefined();
  });
});

test("every answer of a record is one the document allows, in both generations", async () => {
  ({ emulator, clock, call } = caller("lenient"));
  const routes = allRoutes().filter(({ module, operationId }) => behaviours[module]?.[operationId] !== undefined);
  const known = Object.values(behaviours).flatMap((operations) => Object.keys(operations));
  expect(new Set(routes.map(({ operationId }) => operationId))).toEqual(new Set(known));
  // A record that others belong to is made first and deleted last.
  const rank: Record<string, number> = { POST: 0, GET: 1, PUT: 2, PATCH: 2, DELETE: 3 };
  const ids = new Map<string, string>();
  const scope = ALL_SCOPES.join(" ");
  const company = await installApp(emulator, { companyId: DEFAULT_COMPANY.id, scope });
  const location = await installApp(emulator, { locationId: LOCATION, scope });
  /** A token the route takes: a private one where it takes those, the company's for a location as a whole. */
  const tokenFor = ({ tokens, path }: (typeof routes)[number]): string => {
    const isWhole = /\/locations\/(\{locationId\})?$/.test(path) && tokens.includes("c");
    if (!isWhole && tokens.includes("L")) return `pit-${LOCATION}`;
    return !isWhole && tokens.includes("l") ? location.access_token : company.access_token;
  };
  let remembered = 0;
  for (const route of routes.toSorted(
    (a, b) => rank[a.method]! - rank[b.method]! || (a.method === "DELETE" ? -1 : 1) * (a.path.length - b.path.length),
  )) {
    const { api, module, operationId, method, path, version } = route;
    const { schema, schemas, request } = await loadAnswer(api, module, operationId);
    const random = createRandom(operationId);
    const body =
      request && sample(request.schema, { schemas, random, hints: { locationId: LOCATION, altId: LOCATION } });
    // The id of what an earlier call has created in this folder, whatever the parameter's name.
    const filled = path.replace(/\{[^}]+\}/g, (name, at: number) => {
      if (name === "{locationId}" && !path.endsWith(name)) return LOCATION;
      return ids.get(`${api} ${path.slice(0, at)}`) ?? name.slice(1, -1);
    });
    const response = await call(method, filled, { body, version: version || DATED, token: tokenFor(route) });
    expect(response.ok, `${api} ${method} ${filled} ${response.status}`).toBe(true);
    const answer = (await response.json()) as Json;
    // The documents of invoices call what is in lists a text: items, estimates, payments.
    const found = schema === undefined ? [] : breaches(schema, answer, { schemas });
    const isDefect = (one: string) => module === "invoices" && one.endsWith("]: object, not string");
    expect(
      found.filter((one) => !isDefect(one)),
      `${api} ${operationId}`,
    ).toEqual([]);
    const record = [answer, ...Object.values(answer)].find(
      (one): one is Json => typeof one === "object" && one !== null && ("id" in one || "_id" in one),
    );
    const id = record?.id ?? record?._id;
    if (method !== "POST" || typeof id !== "string") continue;
    remembered += 1;
    ids.set(`${api} ${path.endsWith("/") ? path : `${path}/`}`, id);
  }
  expect(remembered).toBeGreaterThan(40);
});
