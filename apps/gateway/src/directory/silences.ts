import { type InstallationRef, targetOf, toResource } from "./installations.ts";

/** An active location whose newest inbox is old, and what was found when it was looked at before. */
export interface QuietLocation extends InstallationRef {
  /** Of its newest inbox. */
  readonly day: string;
  /** The last event that was seen; null: none of HighLevel's, or never looked at. */
  readonly seenLastAtMs: number | null;
  /** Whether its silence was told. */
  readonly wasTold: boolean;
}

export interface Silences {
  /**
   * Those that may be silent: nothing has come since `day`, and they were not looked at since, or the last event that was seen
   * then is from before `beforeMs` by now.
   */
  quiet(until: { readonly day: string; readonly beforeMs: number }, limit: number): Promise<readonly QuietLocation[]>;
  /** `isDone`: nothing is left to tell until there is a newer inbox. */
  saw(location: QuietLocation, lastAtMs: number | null, isDone: boolean): Promise<void>;
}

interface Row {
  readonly app: string;
  readonly resource: string;
  readonly newest: string;
  readonly last_event_at_ms: number | null;
  readonly done: number | null;
}

/** The newest day is one step in the key of `inbox`; days are digits, and come before `undated`. */
const QUIET = `SELECT * FROM (
  SELECT installation.app AS app, 'location:' || resource_id AS resource, last_event_at_ms, silence.day AS looked, done,
    (SELECT max(day) FROM inbox
      WHERE app = installation.app AND resource = 'location:' || resource_id AND day < 'undated') AS newest
  FROM installation
  LEFT JOIN silence ON silence.app = installation.app AND silence.resource = 'location:' || resource_id
  WHERE kind = 'location' AND state = 'active'
) WHERE newest <= ?1 AND (looked IS NULL OR looked < newest OR (done = 0 AND last_event_at_ms < ?2))
ORDER BY newest, app, resource LIMIT ?3`;

const SAW = `INSERT INTO silence (app, resource, day, last_event_at_ms, done) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (app, resource) DO UPDATE SET day = ?3, last_event_at_ms = ?4, done = ?5`;

export function createSilences(db: D1Database): Silences {
  return {
    async quiet({ day, beforeMs }, limit) {
      const { results } = await db.prepare(QUIET).bind(day, beforeMs, limit).all<Row>();
      return results.map((row) => ({
        app: row.app,
        resource: toResource(row.resource),
        day: row.newest,
        seenLastAtMs: row.last_event_at_ms,
        wasTold: row.done === 1,
      }));
    },
    async saw({ app, resource, day }, lastAtMs, isDone) {
      await db
        .prepare(SAW)
        .bind(app, targetOf(resource), day, lastAtMs, isDone ? 1 : 0)
        .run();
    },
  };
}
