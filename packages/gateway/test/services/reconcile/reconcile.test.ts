import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { AuditEntry, Page } from "../../../src/domain/administration-model.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { MAX_BACK_MS, type Reconcile } from "../../../src/services/reconcile/reconcile.ts";
import { admin, administer, codeOf } from "../../support/calls/admin.ts";
import { deliver, installLocation, upstream } from "../../support/calls/gateway.ts";
import { addEndpoint, arrived, destination, dispatcher, removeEndpoint } from "../../support/endpoints/endpoints.ts";
import { storeEvents } from "../../support/endpoints/events.ts";
import { LOCATIONS } from "../../support/setup/settings.ts";
import {
  createContact,
  DAY_MS,
  INVALID,
  later,
  listed,
  location,
  locations,
  MINUTE_MS,
  path,
  postAtHighLevel,
  reported,
  startAt,
  step,
} from "./reconcile-steps.ts";

describe("reconciling a location", () => {
  it("reconciling a location reports to endpoints exactly what no webhook reported, once", async () => {
    const endpoint = await addEndpoint({ types: ["record.*"], resources: [{ kind: "location", id: location }] });
    const [missed, known] = [await createContact("Missed"), await createContact("Known")];
    await deliver("ContactCreate", { locationId: location, id: known });
    later();
    expect(await step({ dryRun: true })).toEqual({
      modules: [{ module: "contacts", checked: 2, missed: 1, refused: null }],
      nextCursor: null,
    });
    expect(await reported()).toEqual([]);
    expect((await step()).modules).toEqual([{ module: "contacts", checked: 2, missed: 1, refused: null }]);
    const [event, ...more] = await reported();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ module: "contacts", recordId: missed, record: { id: missed, firstName: "Missed" } });
    expect((await step()).modules).toEqual([{ module: "contacts", checked: 2, missed: 0, refused: null }]);
    await runDurableObjectAlarm(dispatcher(endpoint));
    expect(await arrived(endpoint, 1)).toHaveLength(1);
    expect(await destination.count(endpoint)).toEqual({ count: 1, distinct: 1 });
    const { items } = await administer<Page<AuditEntry>>("GET", "/admin/audit?limit=50");
    const mine = items.filter(
      ({ target, action }) => target === `location:${location}` && action.includes("reconciled"),
    );
    expect(mine).toHaveLength(2);
    await removeEndpoint(endpoint);
  });

  it("reconciling a location reports a later change of a record whose first event came", async () => {
    const id = await createContact("First");
    const atMs = Date.now() - 60 * MINUTE_MS;
    startAt(atMs - 1_000);
    await deliver("ContactCreate", { locationId: location, id, timestamp: new Date(atMs).toISOString() });
    later();
    expect((await step()).modules).toEqual([{ module: "contacts", checked: 1, missed: 1, refused: null }]);
    expect(await reported()).toMatchObject([{ recordId: id }]);
  });

  it("reconciling a location counts no event that is about another record, another location's, or quarantined", async () => {
    const other = locations.shift()!;
    await installLocation(other);
    const id = await createContact("Missed");
    await deliver("ContactCreate", { locationId: other, id });
    await deliver("InboundMessage", { locationId: location, contactId: id });
    const long = new Date(Date.now() - 3 * 60 * MINUTE_MS).toISOString();
    await deliver("ContactCreate", { locationId: location, id, timestamp: long });
    later();
    startAt(Date.parse(long));
    expect((await step()).modules).toMatchObject([{ checked: 1, missed: 1 }]);
    expect(await reported()).toMatchObject([{ recordId: id }]);
    expect((await step({}, other)).modules).toMatchObject([{ checked: 0, missed: 0 }]);
    expect(await reported(other)).toEqual([]);
  });

  it("reconciling a location never takes another location's record, nor an earlier one, whatever a server answers", async () => {
    const recent = new Date().toISOString();
    const contacts = [
      { id: "c0ntact00000000000001", locationId: "another", dateUpdated: recent },
      { id: "c0ntact00000000000002", locationId: location, dateUpdated: "2026-01-01T00:00:00.000Z" },
      { id: "c0ntact00000000000003", locationId: location, dateUpdated: "soon" },
      { id: "c0ntact00000000000004", dateUpdated: recent },
      { locationId: location, dateUpdated: recent },
    ];
    await upstream.answer("search", [{ status: 200, body: JSON.stringify({ contacts }) }]);
    later();
    expect((await step()).modules).toMatchObject([{ checked: 1, missed: 1 }]);
    expect(await reported()).toMatchObject([{ recordId: "c0ntact00000000000004" }]);
  });

  it("reconciling a location leaves a recent change alone, because its webhook may be on the way", async () => {
    await createContact("Fresh");
    expect((await step()).modules).toMatchObject([{ checked: 0, missed: 0 }]);
    later();
    expect((await step()).modules).toMatchObject([{ checked: 1, missed: 1 }]);
  });

  it("reconciling a location goes on over pages and steps, where the one before ended", async () => {
    const atMs = Date.now() - 10 * MINUTE_MS;
    startAt(atMs);
    const pages = Array.from({ length: 4 }, (_, page) =>
      Array.from({ length: page === 3 ? 1 : 100 }, (_, i) => ({
        id: `c0ntact${page}00000000${String(i).padStart(3, "0")}`,
        locationId: location,
        dateUpdated: new Date(atMs + 1_000 - page).toISOString(),
        searchAfter: [atMs - page, `after ${page}-${i}`],
      })),
    );
    const { fetch } = globalThis;
    const bodies: unknown[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input as RequestInfo, init);
      if (!request.url.endsWith("/contacts/search")) return fetch(request);
      bodies.push(await request.json());
      return Response.json({ contacts: pages[bodies.length - 1] });
    });
    const first = await step({ dryRun: true });
    expect(first.modules).toEqual([{ module: "contacts", checked: 300, missed: 300, refused: null }]);
    expect(first.nextCursor).not.toBeNull();
    const second = await step({ dryRun: true, cursor: first.nextCursor! });
    expect(second).toEqual({
      modules: [{ module: "contacts", checked: 1, missed: 1, refused: null }],
      nextCursor: null,
    });
    expect(bodies[0]).toMatchObject({
      locationId: location,
      filters: [{ field: "dateUpdated", operator: "range", value: { gte: new Date(atMs).toISOString() } }],
      sort: [{ field: "dateUpdated", direction: "desc" }],
    });
    expect(bodies[0]).not.toHaveProperty("searchAfter");
    expect(bodies[3]).toMatchObject({ searchAfter: [atMs - 2, "after 2-99"] });
  });

  it("reconciling a location meets a record at each side of a page's end once", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 103; i++) ids.push(await createContact(`No. ${i}`));
    later();
    expect((await step()).modules).toEqual([{ module: "contacts", checked: 103, missed: 103, refused: null }]);
    expect((await reported()).map(({ recordId }) => recordId).sort()).toEqual(ids.sort());
  });

  it("reconciling a location reports conversations by their last message", async () => {
    const contactId = await createContact("Zoë");
    const body = { type: "SMS", contactId, message: "Hello" };
    const { conversationId } = await postAtHighLevel<{ conversationId: string }>("/conversations/messages", body);
    later();
    const query: Partial<Reconcile> = { modules: ["conversations"] };
    expect((await step({ ...query, dryRun: true })).modules).toMatchObject([{ checked: 1, missed: 1, refused: null }]);
    vi.useRealTimers();
    await deliver("OutboundMessage", { locationId: location, contactId, conversationId, body: "Hello" });
    later();
    expect((await step(query)).modules).toMatchObject([{ checked: 1, missed: 0, refused: null }]);
    expect(await reported()).toEqual([]);
  });

  it("reconciling a location ends an ordered list at the first page with older records", async () => {
    const atMs = Date.now() - 10 * MINUTE_MS;
    startAt(atMs);
    const conversations = Array.from({ length: 100 }, (_, i) => ({
      id: `c0nversation${String(i).padStart(3, "0")}`,
      lastMessageDate: atMs + 50 - i,
      sort: [atMs + 50 - i],
    }));
    await upstream.answer("search", [{ status: 200, body: JSON.stringify({ conversations }) }]);
    const answer = await step({ modules: ["conversations"], dryRun: true });
    expect(answer).toMatchObject({ modules: [{ checked: 51, missed: 51, refused: null }], nextCursor: null });
  });
});

it("only inboxes that may be about a change are read", async () => {
  await storeEvents([1, 2, 3].map((days) => ({ location, atMs: Date.now() - days * DAY_MS })));
  await createContact("Missed");
  await listed(3);
  later();
  startAt(Date.now() - 4 * DAY_MS);
  const queries = vi.spyOn(WebhookInbox.prototype, "recordsWithEvents");
  expect((await step({ dryRun: true })).modules).toMatchObject([{ checked: 1, missed: 1 }]);
  expect(queries.mock.calls.length).toBe(1);
  const twoDaysAgo = new Date(Date.now() - 2 * DAY_MS - MINUTE_MS).toISOString();
  const contacts = [{ id: "c0ntact00000000000001", dateUpdated: twoDaysAgo }];
  await upstream.answer("search", [{ status: 200, body: JSON.stringify({ contacts }) }]);
  expect((await step({ dryRun: true })).modules).toMatchObject([{ checked: 1, missed: 1 }]);
  // The inboxes of two days ago, of yesterday and of today are read.
  expect(queries.mock.calls.length).toBe(1 + 3);
});

it.each<[string, unknown]>([
  ["no time", {}],
  ["a time that inboxes do not reach", { sinceMs: Date.now() - MAX_BACK_MS - 60_000 }],
  ["a module that is none", { sinceMs: Date.now(), modules: ["invoices"] }],
  ["no module", { sinceMs: Date.now(), modules: [] }],
  ["what it does not know", { sinceMs: Date.now(), dryrun: true }],
  ["a cursor of its own making", { sinceMs: Date.now(), cursor: btoa('["contacts","{}"]') }],
  ["a cursor of another module", { sinceMs: Date.now(), modules: ["contacts"], cursor: btoa('["conversations",""]') }],
])("%s is refused", async (_what, body) => {
  expect(await codeOf(await admin("POST", path(), { body }))).toEqual(INVALID);
});

it("a location where the app never was is not known", async () => {
  const answer = await admin("POST", path(LOCATIONS.at(-1)), { body: { sinceMs: Date.now() } });
  expect(await codeOf(answer)).toEqual([404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"]);
});
