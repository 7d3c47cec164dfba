import { createWebhookVerifier } from "@ghl-edge/webhooks";
import { describe, expect, test } from "vitest";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { installApp, LOCATION } from "../support.ts";
import { ALL_SCOPES, APP, idOf, type Json, listening } from "./listening.ts";

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
