import type { Resource } from "@ghl-edge/core";
import type { InstallationState } from "../../domain/administration-model.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import { type InstallationRef, targetOf } from "./installations.ts";

/** An active location whose newest inbox is old, with the result of the previous look. */
export interface InactiveLocation extends InstallationRef {
  /** Day of its newest inbox. */
  readonly day: string;
  /** Whether it has an inbox of events without a time. */
  readonly hasUndated: boolean;
  /** Time of the last event that was seen; null: HighLevel has sent none, or nobody has looked yet. */
  readonly seenLastAtMs: number | null;
  /** Whether its inactivity was reported. */
  readonly wasReported: boolean;
  /** Continues after this location. */
  readonly cursor: string;
}

/** The result of a look at a location. */
export interface InactivityLook {
  readonly location: Pick<InactiveLocation, "app" | "resource" | "day">;
  /** Time of HighLevel's last event; null: there was none. */
  readonly lastAtMs: number | null;
  /** There is nothing to report until there is a newer inbox. */
  readonly isDone: boolean;
}

export interface InactivePage {
  /** Sorted by app and id. */
  readonly locations: readonly InactiveLocation[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface Inactivity {
  /**
   * Returns a page of a walk through the installations by key: the locations among the next `rows` that may be inactive. They have no
   * inbox later than `day`. Either nobody has looked at them since, or the last event seen then is now older than `beforeMs`.
   */
  candidates(
    until: { readonly day: string; readonly beforeMs: number },
    page: { readonly cursor: string | undefined; readonly rows: number },
  ): Promise<InactivePage>;
  /** Notes the looks of a page with one statement. */
  noteLooks(looks: readonly InactivityLook[]): Promise<void>;
}

interface Row {
  readonly app: string;
  readonly kind: Resource["kind"];
  readonly resource_id: string;
  readonly state: InstallationState;
  readonly newest: string | null;
  readonly undated: number;
  readonly looked: string | null;
  readonly last_event_at_ms: number | null;
  readonly done: number | null;
}

/**
 * Takes the page first, so that a query reads four rows for each of a bounded number of installations, however many there are and
 * whatever their state. Days are digits, which sort before `undated`.
 */
const PAGE = `SELECT page.app, page.kind, page.resource_id, page.state,
  inactivity.day AS looked, inactivity.last_event_at_ms, inactivity.done,
  (SELECT inbox.day FROM inbox WHERE inbox.app = page.app AND inbox.resource = 'location:' || page.resource_id
    AND inbox.day < 'undated' ORDER BY inbox.day DESC LIMIT 1) AS newest,
  EXISTS (SELECT 1 FROM inbox WHERE inbox.app = page.app AND inbox.resource = 'location:' || page.resource_id
    AND inbox.day = 'undated') AS undated
FROM (
  SELECT app, kind, resource_id, state FROM installation
  WHERE (app, kind, resource_id) > (?1, ?2, ?3) ORDER BY app, kind, resource_id LIMIT ?4
) AS page
LEFT JOIN inactivity ON inactivity.app = page.app AND inactivity.resource = 'location:' || page.resource_id
ORDER BY page.app, page.kind, page.resource_id`;

const NOTE = `INSERT INTO inactivity (app, resource, day, last_event_at_ms, done)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1) WHERE true
ON CONFLICT (app, resource) DO UPDATE SET
  day = excluded.day, last_event_at_ms = excluded.last_event_at_ms, done = excluded.done`;

const cursorOf = ({ app, kind, resource_id }: Row): string => writeCursor([app, kind, resource_id]);

export function createInactivity(db: D1Database): Inactivity {
  return {
    async candidates({ day, beforeMs }, { cursor, rows }) {
      const { results } = await db
        .prepare(PAGE)
        .bind(...readCursor(cursor, 3), rows)
        .all<Row>();
      const locations = results.flatMap((row): InactiveLocation[] => {
        const { app, kind, resource_id: id, state, newest, looked, last_event_at_ms: seenLastAtMs, done } = row;
        const hasUndated = row.undated === 1;
        if (kind !== "location" || state !== "active" || newest === null || newest > day) return [];
        const isStale = done === 0 && seenLastAtMs !== null && seenLastAtMs < beforeMs;
        if (looked !== null && looked >= newest && !isStale) return [];
        const resource = { kind, id } as const;
        const seen = { seenLastAtMs, wasReported: done === 1 };
        return [{ app, resource, day: newest, hasUndated, ...seen, cursor: cursorOf(row) }];
      });
      const last = results.at(-1);
      return { locations, nextCursor: last === undefined || results.length < rows ? undefined : cursorOf(last) };
    },
    async noteLooks(looks) {
      if (looks.length === 0) return;
      const rows = looks.map(({ location: { app, resource, day }, lastAtMs, isDone }) => [
        app,
        targetOf(resource),
        day,
        lastAtMs,
        isDone ? 1 : 0,
      ]);
      await db.prepare(NOTE).bind(JSON.stringify(rows)).run();
    },
  };
}
