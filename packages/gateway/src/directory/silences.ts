import type { InstallationState } from "../domain/administration-model.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { type InstallationRef, targetOf } from "./installations.ts";

/** An active location whose newest inbox is old, and what was found when it was looked at before. */
export interface QuietLocation extends InstallationRef {
  /** Of its newest inbox. */
  readonly day: string;
  /** The last event that was seen; null: none of HighLevel's, or never looked at. */
  readonly seenLastAtMs: number | null;
  /** Whether its silence was told. */
  readonly wasTold: boolean;
  /** Goes on after it. */
  readonly cursor: string;
}

export interface QuietPage {
  /** By app and id. */
  readonly locations: readonly QuietLocation[];
  /** It is undefined after the last installations. */
  readonly nextCursor: string | undefined;
}

export interface Silences {
  /**
   * A page of a walk through the installations by key: those that may be silent among the next `rows`. Nothing has come for them since
   * `day`, and they were not looked at since, or the last event that was seen then is from before `beforeMs` by now.
   */
  quiet(
    until: { readonly day: string; readonly beforeMs: number },
    page: { readonly cursor: string | undefined; readonly rows: number },
  ): Promise<QuietPage>;
  /** `isDone`: nothing is left to tell until there is a newer inbox. */
  saw(location: Omit<QuietLocation, "cursor">, lastAtMs: number | null, isDone: boolean): Promise<void>;
}

interface Row {
  readonly app: string;
  readonly kind: "location" | "company";
  readonly resource_id: string;
  readonly state: InstallationState;
  readonly newest: string | null;
  readonly looked: string | null;
  readonly last_event_at_ms: number | null;
  readonly done: number | null;
}

/**
 * The page is taken before anything is asked of it, so that a query reads three rows for each of a bounded number of installations, however
 * many there are and whatever their state. Days are digits, and come before `undated`.
 */
const PAGE = `SELECT page.app, page.kind, page.resource_id, page.state,
  silence.day AS looked, silence.last_event_at_ms, silence.done,
  (SELECT inbox.day FROM inbox WHERE inbox.app = page.app AND inbox.resource = 'location:' || page.resource_id
    AND inbox.day < 'undated' ORDER BY inbox.day DESC LIMIT 1) AS newest
FROM (
  SELECT app, kind, resource_id, state FROM installation
  WHERE (app, kind, resource_id) > (?1, ?2, ?3) ORDER BY app, kind, resource_id LIMIT ?4
) AS page
LEFT JOIN silence ON silence.app = page.app AND silence.resource = 'location:' || page.resource_id
ORDER BY page.app, page.kind, page.resource_id`;

const SAW = `INSERT INTO silence (app, resource, day, last_event_at_ms, done) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (app, resource) DO UPDATE SET day = ?3, last_event_at_ms = ?4, done = ?5`;

const cursorOf = ({ app, kind, resource_id }: Row): string => writeCursor([app, kind, resource_id]);

export function createSilences(db: D1Database): Silences {
  return {
    async quiet({ day, beforeMs }, { cursor, rows }) {
      const { results } = await db
        .prepare(PAGE)
        .bind(...readCursor(cursor, 3), rows)
        .all<Row>();
      const locations = results.flatMap((row): QuietLocation[] => {
        const { app, kind, resource_id: id, state, newest, looked, last_event_at_ms: seenLastAtMs, done } = row;
        if (kind !== "location" || state !== "active" || newest === null || newest > day) return [];
        const isStale = done === 0 && seenLastAtMs !== null && seenLastAtMs < beforeMs;
        if (looked !== null && looked >= newest && !isStale) return [];
        const resource = { kind, id } as const;
        return [{ app, resource, day: newest, seenLastAtMs, wasTold: done === 1, cursor: cursorOf(row) }];
      });
      const last = results.at(-1);
      return { locations, nextCursor: last === undefined || results.length < rows ? undefined : cursorOf(last) };
    },
    async saw({ app, resource, day }, lastAtMs, isDone) {
      await db
        .prepare(SAW)
        .bind(app, targetOf(resource), day, lastAtMs, isDone ? 1 : 0)
        .run();
    },
  };
}
