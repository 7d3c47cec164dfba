import type { RecordChange } from "../../domain/contracts/webhook-inbox.ts";

/** A text without escapes in JSON: ids of records are such. */
const QUOTED = /"([A-Za-z0-9_-]{1,64})"/g;

/** Asked for one record each, SQL would read all events for each record that has none: so they are read once, for all. */
const BODIES = `SELECT coalesce(event_at_ms, received_at_ms) AS at_ms, body FROM event
WHERE source = 'highlevel' AND quarantined = 0 AND name IN (SELECT value FROM json_each(?1))
  AND coalesce(event_at_ms, received_at_ms) >= ?2
ORDER BY seq DESC`;
const TOLD = "SELECT dedupe_key FROM event WHERE dedupe_key IN (SELECT value FROM json_each(?1))";

const hasEvents = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'event'").toArray().length > 0;

/** Which records an inbox has an event about: one of HighLevel's, or the gateway's own. */
export function recordsWithEvents(
  sql: SqlStorage,
  names: readonly string[],
  records: readonly RecordChange[],
): readonly string[] {
  if (!hasEvents(sql)) return [];
  const keys = JSON.stringify(records.map(({ reportedBy }) => reportedBy));
  const reportedBy = new Set(
    sql
      .exec<{ dedupe_key: string }>(TOLD, keys)
      .toArray()
      .map((row) => row.dedupe_key),
  );
  const told = records.filter((record) => reportedBy.has(record.reportedBy)).map(({ id }) => id);
  const open = new Map(
    records.filter((record) => !reportedBy.has(record.reportedBy)).map((record) => [record.id, record]),
  );
  const sinceMs = Math.min(...Array.from(open.values(), ({ notBeforeMs }) => notBeforeMs));
  if (open.size === 0) return told;
  const decoder = new TextDecoder();
  // One row at a time: an object has 128 MB, and may keep more.
  for (const row of sql.exec<{ at_ms: number; body: ArrayBuffer }>(BODIES, JSON.stringify(names), sinceMs)) {
    for (const [, id] of decoder.decode(row.body).matchAll(QUOTED)) {
      const record = open.get(id!);
      if (record === undefined || row.at_ms < record.notBeforeMs) continue;
      open.delete(record.id);
      told.push(record.id);
    }
    if (open.size === 0) break;
  }
  return told;
}

/** When the last event of HighLevel's arrived that may have effects. */
export function lastFromHighLevelMs(sql: SqlStorage): number | undefined {
  if (!hasEvents(sql)) return undefined;
  const query = "SELECT max(received_at_ms) AS n FROM event WHERE source = 'highlevel' AND quarantined = 0";
  return sql.exec<{ n: number | null }>(query).one().n ?? undefined;
}
