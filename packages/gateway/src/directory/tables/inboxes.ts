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

/** An inbox that the directory lists, or no longer lists. */
export interface ListedInbox extends InboxAddress {
  readonly app: string;
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
  /**
   * Lists inboxes and removes others, each with one statement for all. An inbox object does not call it, but the object that collects the
   * changes of many (`Objects.inboxListing`).
   *
   * @returns the keys (`listedInboxKey`) of the rows that were removed
   */
  change(changes: {
    readonly listed: readonly ListedInbox[];
    readonly forgotten: readonly ListedInbox[];
  }): Promise<readonly string[]>;
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
const UNDATED = "undated";
/** Before and after every day; `undated` comes after both. */
const FIRST_DAY = "";
const LAST_DAY = "9999-12-31";

/** Reads two ranges of one key: the undated inboxes, which every query includes, and the days of the query. */
const merged = (undated: string, dated: string): string => `SELECT * FROM (
  SELECT * FROM (${undated} LIMIT ?2)
  UNION ALL
  SELECT * FROM (${dated} LIMIT ?2)
) ORDER BY day DESC, resource DESC LIMIT ?2`;

/** A page begins at its key, so it reads at most twice its own number of rows, wherever it is in the list. */
const OF_APP = merged(
  `SELECT * FROM inbox INDEXED BY inbox_of_day WHERE app = ?1 AND day = '${UNDATED}' AND resource < ?3
    ORDER BY resource DESC`,
  `SELECT * FROM inbox INDEXED BY inbox_of_day WHERE app = ?1 AND day >= ?4 AND (day, resource) < (?5, ?6)
    ORDER BY day DESC, resource DESC`,
);
/** `NOT INDEXED` leaves the primary key, whose prefix are app and resource. */
const OF_RESOURCE = merged(
  `SELECT * FROM inbox NOT INDEXED WHERE app = ?1 AND resource = ?6 AND day = '${UNDATED}' AND ?3`,
  `SELECT * FROM inbox NOT INDEXED WHERE app = ?1 AND resource = ?6 AND day >= ?4 AND day < ?5 ORDER BY day DESC`,
);

function listAll(db: D1Database, { app, fromDay = FIRST_DAY, toDay = LAST_DAY, cursor, limit }: InboxFilter) {
  const [day = LAST, resource = LAST] = cursor === undefined ? [] : readCursor(cursor, 2);
  const undatedBefore = day > UNDATED ? LAST : day === UNDATED ? resource : "";
  const datedBefore = day > toDay ? [toDay, LAST] : [day, resource];
  return db.prepare(OF_APP).bind(app, limit + 1, undatedBefore, fromDay, ...datedBefore);
}

function listOne(db: D1Database, key: string, { app, fromDay = FIRST_DAY, toDay = LAST_DAY, ...page }: InboxFilter) {
  const [day = LAST] = page.cursor === undefined ? [] : readCursor(page.cursor, 2);
  // A text after the last day, and before the day that follows.
  const before = day > toDay ? `${toDay}${LAST}` : day;
  return db.prepare(OF_RESOURCE).bind(app, page.limit + 1, day > UNDATED ? 1 : 0, fromDay, before, key);
}

const LIST = `INSERT OR IGNORE INTO inbox (app, resource, day, first_event_at_ms)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)`;
const FORGET = `DELETE FROM inbox
WHERE (app, resource, day) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1))
RETURNING app, resource, day`;

/** Names an inbox among those of all apps. */
export const listedInboxKey = ({ app, resource, day }: ListedInbox): string => `${app}:${resourceKey(resource)}:${day}`;

const toRows = (inboxes: readonly ListedInbox[]): string =>
  JSON.stringify(
    inboxes.map(({ app, resource, day, firstEventAtMs }) => [app, resourceKey(resource), day, firstEventAtMs]),
  );

export function createInboxes(db: D1Database): Inboxes {
  return {
    async change({ listed, forgotten }) {
      const removal = db.prepare(FORGET).bind(toRows(forgotten));
      const insert = listed.length === 0 ? [] : [db.prepare(LIST).bind(toRows(listed))];
      if (forgotten.length === 0) {
        if (insert.length > 0) await db.batch(insert);
        return [];
      }
      const results = await db.batch<Row>([...insert, removal]);
      return results.at(-1)!.results.map(({ app, resource, day }) => `${app}:${resource}:${day}`);
    },
    async list(filter) {
      const { resource } = filter;
      const statement =
        resource === undefined ? listAll(db, filter) : listOne(db, resourceKey(resource ?? undefined), filter);
      const { results } = await statement.all<Row>();
      return toPage(results, filter, {
        key: (row) => [row.day, row.resource],
        item: (row) => ({ app: row.app, name: `${row.resource}:${row.day}`, firstEventAtMs: row.first_event_at_ms }),
      });
    },
  };
}
