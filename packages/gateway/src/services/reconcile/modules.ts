/** What can be repaired: modules of HighLevel's API that list by time of change. */
import { readTimeMs } from "../../domain/time-of-change.ts";

export type RepairModuleName = "contacts" | "conversations";

/** Where a list goes on: the values that HighLevel's last item gave for it. */
export type Position = readonly (string | number)[];

export interface Window {
  readonly locationId: string;
  /** From this time on, to this time, both included. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Undefined: from the newest on. */
  readonly position: Position | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface RepairModule {
  readonly name: RepairModuleName;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Member of the answer with the records. */
  readonly items: string;
  /** HighLevel's events about such a record. Others that name it are not about it. */
  readonly events: readonly string[];
  /** Whether the list is in the order of change and nothing else bounds it: then a page from before the window is the last. */
  readonly endsByOrder: boolean;
  query(window: Window): URLSearchParams;
  body(window: Window): object | undefined;
  /** Undefined: it says none, or has not changed in a way that events tell of. */
  changedAtMs(record: Fields): number | undefined;
  /** Member of a record to go on after it. */
  readonly position: string;
}

/** The most that all lists give; contacts would give 500. */
export const PAGE_SIZE = 100;

/** `filters` and `sort` of POST /contacts/search (HighLevel's page on searching contacts, read 2026-08-30). */
const contacts: RepairModule = {
  name: "contacts",
  method: "POST",
  path: "/contacts/search",
  items: "contacts",
  events: ["ContactCreate", "ContactUpdate", "ContactDelete", "ContactTagUpdate", "ContactDndUpdate"],
  endsByOrder: false,
  query: () => new URLSearchParams(),
  body: ({ locationId, sinceMs, untilMs, position }) => ({
    locationId,
    pageLimit: PAGE_SIZE,
    filters: [
      {
        field: "dateUpdated",
        operator: "range",
        value: { gte: new Date(sinceMs).toISOString(), lte: new Date(untilMs).toISOString() },
      },
    ],
    sort: [{ field: "dateUpdated", direction: "desc" }],
    ...(position === undefined ? {} : { searchAfter: position }),
  }),
  changedAtMs: ({ dateUpdated, dateAdded }) => readTimeMs(dateUpdated) ?? readTimeMs(dateAdded),
  position: "searchAfter",
};

/** A conversation changes by its last message, the one time that its list is sorted by. */
const conversations: RepairModule = {
  name: "conversations",
  method: "GET",
  path: "/conversations/search",
  items: "conversations",
  events: ["InboundMessage", "OutboundMessage"],
  endsByOrder: true,
  query({ locationId, position }) {
    const query = new URLSearchParams({ locationId, limit: String(PAGE_SIZE) });
    query.set("sortBy", "last_message_date");
    query.set("sort", "desc");
    for (const value of position ?? []) query.append("startAfterDate", String(value));
    return query;
  },
  body: () => undefined,
  changedAtMs: ({ lastMessageDate }) => readTimeMs(lastMessageDate),
  position: "sort",
};

export const repairModules: readonly RepairModule[] = [contacts, conversations];

export const REPAIR_MODULE_NAMES: readonly RepairModuleName[] = repairModules.map(({ name }) => name);
