import { type InboxAddress, placeOf } from "../domain/inbox-event.ts";
import type { Resource } from "../domain/resource.ts";
import { readCursor, toPage } from "./cursor.ts";
import type { Page, PageRequest } from "./model.ts";

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
  forget(app: string, address: InboxAddress): Promise<void>;
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

const LIST = `SELECT * FROM inbox
WHERE app = ?1 AND (day, resource) < (?2, ?3)
  AND (?4 IS NULL OR resource = ?4) AND (?5 IS NULL OR day >= ?5) AND (?6 IS NULL OR day <= ?6 OR day = 'undated')
ORDER BY day DESC, resource DESC LIMIT ?7`;

/** For those who read something in the same go. */
export function noteInbox(
  db: D1Database,
  app: string,
  { resource, day }: InboxAddress,
  nowMs: number,
): D1PreparedStatement {
  const insert = "INSERT OR IGNORE INTO inbox (app, resource, day, first_event_at_ms) VALUES (?, ?, ?, ?)";
  return db.prepare(insert).bind(app, placeOf(resource), day, nowMs);
}

export function createInboxes(db: D1Database): Inboxes {
  return {
    async forget(app, { resource, day }) {
      const query = "DELETE FROM inbox WHERE app = ? AND resource = ? AND day = ?";
      await db.prepare(query).bind(app, placeOf(resource), day).run();
    },
    async list(filter) {
      const { app, resource, fromDay, toDay, cursor, limit } = filter;
      const after = cursor === undefined ? [LAST, LAST] : readCursor(cursor, 2);
      const place = resource === undefined ? null : placeOf(resource ?? undefined);
      const { results } = await db
        .prepare(LIST)
        .bind(app, ...after, place, fromDay ?? null, toDay ?? null, limit + 1)
        .all<Row>();
      return toPage(results, filter, {
        key: (row) => [row.day, row.resource],
        item: (row) => ({ app: row.app, name: `${row.resource}:${row.day}`, firstEventAtMs: row.first_event_at_ms }),
      });
    },
  };
}
