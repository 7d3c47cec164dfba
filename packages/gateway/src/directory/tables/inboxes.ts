import type { Resource } from "@ghl-edge/core";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import { type InboxAddress, resourceKey } from "../../domain/events/inbox-event.ts";
import { readCursor, toPage } from "../cursor.ts";

/** An inbox that has events. */
export interface Inbox {
  readonly app: string;
  /** Its object within the app. */
  readonly name: string;
  readonly firstEventAtMs: number;
}

export interface InboxFilter extends PageRequest {
  readonly app: string;
  /** Null: of events that name neither location nor company. */
  readonly resource?: Resource | null | undefined;
  /** `YYYY-MM-DD`, both included; `undated` comes after every day. */
  readonly fromDay?: string | undefined;
  readonly toDay?: string | undefined;
}

export interface Inboxes {
  /** Says how many rows it was: one, or none. */
  forget(app: string, address: InboxAddress): Promise<number>;
  /** Newest day first. */
  list(filter: InboxFilter): Promise<Page<Inbox>>;
}

interface Row {
  readonly app: string;
  readonly resource: string;
  readonly day: string;
  readonly first_event_at_ms: number;
}

/** After every key that there is. */
const LAST = "\u{10ffff}";
/** Before and after every day; `undated` comes after both. */
const FIRST_DAY = "";
const LAST_DAY = "9999-12-31";

/**
 * Reads two ranges of one key: the undated inboxes, which every query includes, and the days of the query. So a page reads at most twice
 * its own number of rows, however many inboxes the app has.
 */
const listOf = (condition: string): string => `SELECT * FROM (
  SELECT * FROM (SELECT * FROM inbox WHERE app = ?1 ${condition} AND day = 'undated' AND (day, resource) < (?2, ?3)
    ORDER BY day DESC, resource DESC LIMIT ?4)
  UNION ALL
  SELECT * FROM (SELECT * FROM inbox WHERE app = ?1 ${condition} AND day >= ?5 AND day <= ?6 AND (day, resource) < (?2, ?3)
    ORDER BY day DESC, resource DESC LIMIT ?4)
) ORDER BY day DESC, resource DESC LIMIT ?4`;

/** Uses the index `inbox_of_day`. */
const OF_APP = listOf("");
/** Uses the primary key. */
const OF_RESOURCE = listOf("AND resource = ?7");

/** Makes the statement that lists an inbox, to be run in a batch with others. */
export function noteInbox(
  db: D1Database,
  { app, address, nowMs }: { readonly app: string; readonly address: InboxAddress; readonly nowMs: number },
): D1PreparedStatement {
  const insert = "INSERT OR IGNORE INTO inbox (app, resource, day, first_event_at_ms) VALUES (?, ?, ?, ?)";
  return db.prepare(insert).bind(app, resourceKey(address.resource), address.day, nowMs);
}

export function createInboxes(db: D1Database): Inboxes {
  return {
    async forget(app, { resource, day }) {
      const query = "DELETE FROM inbox WHERE app = ? AND resource = ? AND day = ?";
      return (await db.prepare(query).bind(app, resourceKey(resource), day).run()).meta.changes;
    },
    async list(filter) {
      const { app, resource, fromDay, toDay, cursor, limit } = filter;
      const after = cursor === undefined ? [LAST, LAST] : readCursor(cursor, 2);
      const keys = resource === undefined ? [] : [resourceKey(resource ?? undefined)];
      const { results } = await db
        .prepare(resource === undefined ? OF_APP : OF_RESOURCE)
        .bind(app, ...after, limit + 1, fromDay ?? FIRST_DAY, toDay ?? LAST_DAY, ...keys)
        .all<Row>();
      return toPage(results, filter, {
        key: (row) => [row.day, row.resource],
        item: (row) => ({ app: row.app, name: `${row.resource}:${row.day}`, firstEventAtMs: row.first_event_at_ms }),
      });
    },
  };
}
