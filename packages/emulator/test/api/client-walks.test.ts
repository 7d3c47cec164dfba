import { createClient } from "@ghl-edge/client";
import { allRoutes } from "@ghl-edge/client/routes";
import { Contacts as ContactsV2 } from "@ghl-edge/client/v2/contacts";
import { Calendars } from "@ghl-edge/client/v3/calendars";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { Conversations } from "@ghl-edge/client/v3/conversations";
import { Invoices } from "@ghl-edge/client/v3/invoices";
import { Opportunities } from "@ghl-edge/client/v3/opportunities";
import { expect, test } from "vitest";
import { ask, clockedEmulator, LOCATION } from "../support.ts";

const COUNT = 7;
const scopes = [...new Set(allRoutes().flatMap((route) => route.scopes))];

function open() {
  const { emulator, clock } = clockedEmulator({
    privateTokens: [{ token: "pit", resource: { kind: "location", id: LOCATION }, scopes }],
  });
  const client = createClient({ auth: "pit", fetch: emulator.fetch });
  /** Creates seven, two of them in the same millisecond. */
  const create = async (path: string, body: object | ((index: number) => object)): Promise<void> => {
    for (let index = 0; index < COUNT; index++) {
      if (index !== 3) clock.nowMs += 1;
      const sent = typeof body === "function" ? body(index) : body;
      const headers = { authorization: "Bearer pit", version: "v3", "content-type": "application/json" };
      const response = await ask(emulator, path, { method: "POST", headers, body: JSON.stringify(sent) });
      expect(response.ok).toBe(true);
    }
  };
  return { emulator, create, location: client.location(LOCATION) };
}

function idOf(item: unknown): unknown {
  const { id, _id } = item as { id?: unknown; _id?: unknown };
  return id ?? _id;
}

type Opened = ReturnType<typeof open>;
interface Listed {
  items(): AsyncIterable<unknown>;
}

const alt = { altId: LOCATION, altType: "location" } as const;
const named = { locationId: LOCATION, name: "n" };
const message = (contactId: string) => ({ type: "SMS", contactId, message: "hi" });

/** Operations that create a record, and the list that must then have it, three at a time. */
const lists: Record<
  string,
  readonly [path: string, body: Parameters<Opened["create"]>[1], list: (open: Opened) => Listed]
> = {
  "contacts, v2": ["/contacts/", named, ({ location }) => location.use(ContactsV2).getContacts({ limit: 3 })],
  "contacts, search": [
    "/contacts/",
    named,
    ({ location }) => location.use(Contacts).searchContactsAdvanced({ body: { pageLimit: 3 } }),
  ],
  "contacts of a business": [
    "/contacts/",
    { ...named, businessId: "b1" },
    ({ location }) => location.use(Contacts).getContactsByBusinessId({ businessId: "b1", limit: "3" }),
  ],
  opportunities: [
    "/opportunities/",
    named,
    ({ location }) => location.use(Opportunities).searchOpportunity({ limit: 3 }),
  ],
  "opportunities, search": [
    "/opportunities/",
    named,
    ({ location }) => location.use(Opportunities).searchOpportunitiesAdvanced({ body: { limit: 3 } as never }),
  ],
  conversations: [
    "/conversations/messages/inbound",
    (index) => message(`c${index}`),
    ({ location }) => location.use(Conversations).searchConversation({ limit: 3 }),
  ],
  "messages, export": [
    "/conversations/messages/inbound",
    message("c1"),
    ({ location }) => location.use(Conversations).exportMessagesByLocation({ limit: 3 }),
  ],
  "appointment notes": [
    "/calendars/appointments/a1/notes",
    { body: "n" },
    ({ location }) => location.use(Calendars).getAppointmentNotes({ appointmentId: "a1", limit: 3, offset: 0 }),
  ],
  "calendar resources": [
    "/calendars/resources/rooms",
    named,
    ({ location }) =>
      location.use(Calendars).fetchCalendarResources({ resourceType: "rooms", limit: 3, skip: 0 } as never),
  ],
  "calendar notifications": [
    "/calendars/k1/notifications",
    [{ receiverType: "contact" }],
    ({ location }) => location.use(Calendars).listEventNotifications({ calendarId: "k1", limit: 3 } as never),
  ],
  schedules: [
    "/calendars/schedules",
    named,
    ({ location }) => location.use(Calendars).getAllSchedules({ limit: 3 } as never),
  ],
  invoices: [
    "/invoices/",
    { ...alt, name: "n" },
    ({ location }) => location.use(Invoices).listInvoices({ limit: "3", offset: "0" } as never),
  ],
  estimates: [
    "/invoices/estimate",
    { ...alt, name: "n" },
    ({ location }) => location.use(Invoices).listEstimates({ limit: "3", offset: "0" } as never),
  ],
  "invoice schedules": [
    "/invoices/schedule",
    { ...alt, name: "n" },
    ({ location }) => location.use(Invoices).listInvoiceSchedules({ limit: "3", offset: "0" } as never),
  ],
  "invoice templates": [
    "/invoices/template",
    { ...alt, name: "n" },
    ({ location }) => location.use(Invoices).listInvoiceTemplates({ limit: "3", offset: "0" } as never),
  ],
  "estimate templates": [
    "/invoices/estimate/template",
    { ...alt, name: "n" },
    ({ location }) => location.use(Invoices).listEstimateTemplates({ limit: "3", offset: "0" } as never),
  ],
};

test.each(Object.entries(lists))("the client walks all of %s, once each", async (_name, [path, body, list]) => {
  const opened = open();
  await opened.create(path, body);
  const before = opened.emulator.log.length;
  const seen: unknown[] = [];
  for await (const item of list(opened).items()) seen.push(idOf(item));
  expect(seen).toHaveLength(COUNT);
  expect(new Set(seen).size).toBe(COUNT);
  expect(opened.emulator.log.length - before).toBeGreaterThanOrEqual(3);
});

test("the client walks the messages of a conversation", async () => {
  const opened = open();
  await opened.create("/conversations/messages/inbound", message("c1"));
  const conversations = opened.location.use(Conversations);
  const { conversations: found } = await conversations.searchConversation({});
  const seen = new Set<unknown>();
  for await (const item of conversations.getMessages({ conversationId: found[0]!.id, limit: 3 }).items())
    seen.add(idOf(item));
  expect(seen.size).toBe(COUNT);
});
