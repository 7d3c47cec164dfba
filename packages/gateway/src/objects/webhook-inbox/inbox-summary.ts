import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";

/**
 * Facts about an inbox that every batch needs. They are read once per activation of the object and then kept up to date in memory. Events
 * arrive in the order of their `seq`, so the first and last rows have the oldest and newest times.
 */
export interface InboxSummary {
  readonly tenant: InboxTenant;
  /** Whether the directory lists this inbox. */
  listed: boolean;
  /** Events up to this `seq` are routed. */
  routedSeq: number;
  /** Events up to this `seq` are known to be routed when the object wakes. */
  storedRoutedSeq: number;
  /** Undefined while there is no event. */
  firstSeq: number | undefined;
  lastSeq: number;
  /** The last event when the object woke. */
  readonly lastSeqAtWake: number;
  newestReceivedAtMs: number | undefined;
  oldestReceivedAtMs: number | undefined;
}

const SUMMARY = `SELECT app, resource_kind, resource_id, day, listed,
  max(routed_seq, coalesce((SELECT routed_seq FROM event ORDER BY seq DESC LIMIT 1), 0)) AS routed_seq,
  (SELECT min(seq) FROM event) AS first_seq,
  (SELECT max(seq) FROM event) AS last_seq,
  (SELECT received_at_ms FROM event ORDER BY seq DESC LIMIT 1) AS newest_ms,
  (SELECT received_at_ms FROM event ORDER BY seq LIMIT 1) AS oldest_ms
FROM inbox`;

interface SummaryRow extends Record<string, SqlStorageValue> {
  readonly app: string;
  readonly resource_kind: string | null;
  readonly resource_id: string | null;
  readonly day: string;
  readonly listed: number;
  readonly routed_seq: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly newest_ms: number | null;
  readonly oldest_ms: number | null;
}

export function readInboxSummary(sql: SqlStorage): InboxSummary | undefined {
  const row = sql.exec<SummaryRow>(SUMMARY).toArray()[0];
  if (row === undefined) return undefined;
  const kind = row.resource_kind === "company" ? "company" : "location";
  const resource = row.resource_id === null ? undefined : ({ kind, id: row.resource_id } as const);
  return {
    tenant: { app: row.app, resource, day: row.day },
    listed: row.listed === 1,
    routedSeq: row.routed_seq,
    storedRoutedSeq: row.routed_seq,
    firstSeq: row.first_seq ?? undefined,
    lastSeq: row.last_seq ?? 0,
    lastSeqAtWake: row.last_seq ?? 0,
    newestReceivedAtMs: row.newest_ms ?? undefined,
    oldestReceivedAtMs: row.oldest_ms ?? undefined,
  };
}

/** Inserts the row of a new inbox, which has no events yet. */
export function insertInbox(sql: SqlStorage, tenant: InboxTenant): InboxSummary {
  const { app, resource, day } = tenant;
  const insert = `INSERT INTO inbox (id, app, resource_kind, resource_id, day, routed_seq, listed)
    VALUES (1, ?, ?, ?, ?, 0, 0)`;
  sql.exec(insert, app, resource?.kind ?? null, resource?.id ?? null, day);
  const empty = { listed: false, routedSeq: 0, storedRoutedSeq: 0, firstSeq: undefined, lastSeq: 0, lastSeqAtWake: 0 };
  return { tenant, ...empty, newestReceivedAtMs: undefined, oldestReceivedAtMs: undefined };
}
