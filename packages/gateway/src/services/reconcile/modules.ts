/** The modules that can be reconciled: their lists in HighLevel's API are sorted or filtered by time of change. */
import { readTimeMs } from "../../domain/events/time-of-change.ts";

export type ReconcileModuleName = "contacts" | "conversations";

/** Position in a list: the values that HighLevel's last item gave for the next page. */
export type Position = readonly (string | number)[];

export interface Window {
  readonly locationId: string;
  /** Both bounds are included. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Start of the page; undefined: start with the newest. */
  readonly position: Position | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface ReconcileModule {
  readonly name: ReconcileModuleName;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Name of the answer's field that has the records. */
  readonly items: string;
  /** HighLevel's events about a change of such a record. Other events may name the record without being about it. */
  readonly events: readonly string[];
  /** Whether the list is only sorted by time of change. The first page from before the window is then the last. */
  readonly endsByOrder: boolean;
  query(window: Window): URLSearchParams;
  body(window: Window): object | undefined;
  /** Returns undefined where the record has no time of change, or its change causes no event. */
  changedAtMs(record: Fields): number | undefined;
  /** Name of the record's field with the position after it. */
  readonly position: string;
}

/** The largest page that every list allows. The list of contacts would allow 500. */
export const PAGE_SIZE = 100;

/** `filters` and `sort` of POST /contacts/search (HighLevel's page on searching contacts, read 2026-08-30). */
const contacts: ReconcileModule = {
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

/** The list of conversations is sorted by the time of the last message only. */
const conversations: ReconcileModule = {
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

export const reconcileModules: readonly ReconcileModule[] = [contacts, conversations];

export const RECONCILE_MODULE_NAMES: readonly ReconcileModuleName[] = reconcileModules.map(({ name }) => name);
