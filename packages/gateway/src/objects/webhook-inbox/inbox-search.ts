import type { RecordChange } from "../../domain/contracts/webhook-inbox.ts";
import { hasTable } from "../sql-tables.ts";

/** Matches a JSON string without escapes. Ids of records are such strings. */
const QUOTED = /"([A-Za-z0-9_-]{1,64})"/g;

/** Reads the bodies once for all records. A query for each record would read all events for every record that has none. */
const BODIES = `SELECT coalesce(event_at_ms, received_at_ms) AS at_ms, body FROM event
WHERE source = 'highlevel' AND quarantined = 0 AND name IN (SELECT value FROM json_each(?1))
  AND coalesce(event_at_ms, received_at_ms) >= ?2
ORDER BY seq DESC`;

export interface RecordSearch {
  /** Names of the events that may be about the records. */
  readonly names: readonly string[];
  readonly records: readonly RecordChange[];
  /** Whether the inbox has an event with this dedupe key. */
  readonly has: (dedupeKey: string) => boolean;
}

/** Returns the ids of the records that an inbox has an event about: one of HighLevel's, or a report of the gateway. */
export function recordsWithEvents(sql: SqlStorage, { names, records, has }: RecordSearch): readonly string[] {
  if (!hasTable(sql, "event")) return [];
  const reported = new Set(records.filter(({ reportedBy }) => has(reportedBy)));
  const found = Array.from(reported, ({ id }) => id);
  const open = new Map(records.filter((record) => !reported.has(record)).map((record) => [record.id, record]));
  const sinceMs = Math.min(...Array.from(open.values(), ({ notBeforeMs }) => notBeforeMs));
  if (open.size === 0) return found;
  const decoder = new TextDecoder();
  // The cursor reads one row at a time, because an object has 128 MB of memory and may store more.
  for (const row of sql.exec<{ at_ms: number; body: ArrayBuffer }>(BODIES, JSON.stringify(names), sinceMs)) {
    for (const [, id] of decoder.decode(row.body).matchAll(QUOTED)) {
      const record = open.get(id!);
      if (record === undefined || row.at_ms < record.notBeforeMs) continue;
      open.delete(record.id);
      found.push(record.id);
    }
    if (open.size === 0) break;
  }
  return found;
}

/** Returns when the last event from HighLevel arrived that was not quarantined. */
export function lastFromHighLevelMs(sql: SqlStorage): number | undefined {
  if (!hasTable(sql, "event")) return undefined;
  // The newest row is read first. Inboxes have few events of other sources.
  const query = `SELECT received_at_ms AS n FROM event WHERE source = 'highlevel' AND quarantined = 0
    ORDER BY seq DESC LIMIT 1`;
  return sql.exec<{ n: number }>(query).toArray()[0]?.n;
}
