import { beforeEach, expect, test } from "vitest";
import { json, LOCATION } from "../support.ts";
import { caller, DATED, type Json } from "./record-caller.ts";

let { clock, call } = caller("strict");
beforeEach(() => {
  ({ clock, call } = caller("strict"));
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
  ({ clock, call } = caller("lenient"));
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
  ({ clock, call } = caller("lenient"));
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
  ({ clock, call } = caller("lenient"));
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
  ({ clock, call } = caller("lenient"));
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
