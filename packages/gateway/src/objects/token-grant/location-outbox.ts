import { hasTable } from "../sql-tables.ts";

/** Change of a company's installation. */
export type LocationEvent = "installed" | "uninstalled";

/** An event that a location has not received yet. */
export interface PendingLocation {
  readonly locationId: string;
  readonly event: LocationEvent;
  readonly atMs: number;
}

/**
 * The locations that a company serves, and the event that is pending for each. An installation of a company with hundreds of locations,
 * or its end, must not depend on one request that runs long enough.
 */
export interface LocationOutbox {
  /** Records a location that a token is minted for. */
  remember(locationId: string): void;
  /** Makes the event pending for each of these. */
  add(event: LocationEvent, atMs: number, locationIds: readonly string[]): void;
  /** Makes the event pending for all known locations. */
  addForAll(event: LocationEvent, atMs: number): void;
  pending(limit: number): readonly PendingLocation[];
  /** Removes an event that its location has received. */
  done(pending: PendingLocation): void;
  /** Ids of known locations after `afterId`, in order. */
  known(afterId: string, limit: number): readonly string[];
}

const TABLE = `CREATE TABLE IF NOT EXISTS location (
  location_id TEXT PRIMARY KEY,
  event TEXT,
  at_ms INTEGER
) STRICT`;
/** Finds pending events without reading all locations of the company. */
const INDEX = "CREATE INDEX IF NOT EXISTS location_pending ON location (location_id) WHERE event IS NOT NULL";

const ADD = `INSERT INTO location (location_id, event, at_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (location_id) DO UPDATE SET event = ?2, at_ms = ?3`;

export function createLocationOutbox(sql: SqlStorage): LocationOutbox {
  let made: boolean | undefined;
  // This is not read when the object is made: a storage that cannot be read then would end the object's alarm.
  const isMade = (): boolean => {
    if (made === undefined) {
      made = hasTable(sql, "location");
      if (made) sql.exec(INDEX);
    }
    return made;
  };
  const make = (): void => {
    if (!isMade()) sql.exec(`${TABLE}; ${INDEX}`);
    // A transaction that is rolled back takes the table with it, so it is looked for again.
    if (!made) made = undefined;
  };
  return {
    remember(locationId) {
      make();
      sql.exec("INSERT OR IGNORE INTO location (location_id) VALUES (?)", locationId);
    },
    add(event, atMs, locationIds) {
      make();
      for (const id of locationIds) sql.exec(ADD, id, event, atMs);
    },
    addForAll(event, atMs) {
      if (isMade()) sql.exec("UPDATE location SET event = ?, at_ms = ?", event, atMs);
    },
    pending(limit) {
      if (!isMade()) return [];
      return sql
        .exec<{ location_id: string; event: LocationEvent; at_ms: number }>(
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
    done({ locationId, event, atMs }) {
      // Another event may have become pending while this one was sent.
      sql.exec(
        "UPDATE location SET event = NULL, at_ms = NULL WHERE location_id = ? AND event = ? AND at_ms = ?",
        locationId,
        event,
        atMs,
      );
    },
  };
}
