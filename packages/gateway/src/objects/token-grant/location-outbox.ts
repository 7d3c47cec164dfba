import { hasTable } from "../sql-tables.ts";

export type OwedEvent = "installed" | "uninstalled";

export interface Owed {
  readonly locationId: string;
  readonly event: OwedEvent;
  readonly atMs: number;
}

/**
 * The locations a company serves, and what each has still to be told: an installation of a company with hundreds of
 * locations, or its end, must not depend on one request living long enough.
 */
export interface LocationOutbox {
  /** A token is minted for it. */
  remember(locationId: string): void;
  /** Each of these is to be told. */
  owe(event: OwedEvent, atMs: number, locationIds: readonly string[]): void;
  /** All that are known are to be told. */
  oweAll(event: OwedEvent, atMs: number): void;
  owed(limit: number): readonly Owed[];
  told(owed: Owed): void;
  /** All that are known, by their ids. */
  known(afterId: string, limit: number): readonly string[];
}

const TABLE = `CREATE TABLE IF NOT EXISTS location (
  location_id TEXT PRIMARY KEY,
  event TEXT,
  at_ms INTEGER
) STRICT`;
/** So that the question whether any is owed does not read all locations of the company. */
const INDEX = "CREATE INDEX IF NOT EXISTS location_owed ON location (location_id) WHERE event IS NOT NULL";

const OWE = `INSERT INTO location (location_id, event, at_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (location_id) DO UPDATE SET event = ?2, at_ms = ?3`;

export function createLocationOutbox(sql: SqlStorage): LocationOutbox {
  let made: boolean | undefined;
  // Not when the object is made: a storage that cannot be read then would end the object's alarm.
  const isMade = (): boolean => {
    if (made === undefined) {
      made = hasTable(sql, "location");
      if (made) sql.exec(INDEX);
    }
    return made;
  };
  const make = (): void => {
    if (!isMade()) sql.exec(`${TABLE}; ${INDEX}`);
    // A transaction that is rolled back takes the table with it: looked for again.
    if (!made) made = undefined;
  };
  return {
    remember(locationId) {
      make();
      sql.exec("INSERT OR IGNORE INTO location (location_id) VALUES (?)", locationId);
    },
    owe(event, atMs, locationIds) {
      make();
      for (const id of locationIds) sql.exec(OWE, id, event, atMs);
    },
    oweAll(event, atMs) {
      if (isMade()) sql.exec("UPDATE location SET event = ?, at_ms = ?", event, atMs);
    },
    owed(limit) {
      if (!isMade()) return [];
      return sql
        .exec<{ location_id: string; event: OwedEvent; at_ms: number }>(
          "SELECT * FROM location WHERE event IS NOT NULL LIMIT ?",
          limit,
        )
        .toArray()
        .map(({ location_id, event, at_ms }) => ({ locationId: location_id, event, atMs: at_ms }));
    },
    known(afterId, limit) {
      if (!made) return [];
      const query = "SELECT location_id FROM location WHERE location_id > ? ORDER BY location_id LIMIT ?";
      return sql
        .exec<{ location_id: string }>(query, afterId, limit)
        .toArray()
        .map(({ location_id }) => location_id);
    },
    told({ locationId, event, atMs }) {
      // Only this one: while it was told, another may have become due.
      sql.exec(
        "UPDATE location SET event = NULL, at_ms = NULL WHERE location_id = ? AND event = ? AND at_ms = ?",
        locationId,
        event,
        atMs,
      );
    },
  };
}
