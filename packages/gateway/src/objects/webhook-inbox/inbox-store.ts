import type { EventQuery, InboxTenant, StoredEvent, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { EventSource, InboxEvent, LifecycleEvent } from "../../domain/inbox-event.ts";

/** What is left to do for one event: `lifecycle` and `route` are ours, anything else is an endpoint's id. */
export interface Todo {
  readonly seq: number;
  readonly task: string;
  /** Sent again although it was sent. */
  readonly again: boolean;
  readonly tries: number;
  /** Tries that the event itself made fail, whatever it met: not those of an object or a database that is away. */
  readonly failures: number;
}

/** The SQL of a `WebhookInbox`. Every method is synchronous, so a caller can make one burst of it. */
export interface InboxStore {
  tenant(): InboxTenant | undefined;
  /** The first event makes the tables and writes whose they are. */
  insert(tenant: InboxTenant, event: InboxEvent, nowMs: number): boolean;
  /** Whether the directory lists this inbox. */
  isListed(): boolean;
  setListed(listed: boolean): void;
  /** Events that came after those of which all is done or written down in `todo`; as many as fit, one at least. */
  unrouted(limit: number, maxBytes: number): readonly WholeEvent[];
  setRouted(seq: number): void;
  /** Whether there may be events beyond those that are routed. */
  hasUnrouted(): boolean;
  due(nowMs: number, limit: number): readonly Todo[];
  nextDueAtMs(): number | undefined;
  /** Written down, or put off. */
  owe(todo: Todo, atMs: number): void;
  done(todo: Pick<Todo, "seq" | "task">): void;
  whole(seq: number): WholeEvent | undefined;
  find(eventId: string): WholeEvent | undefined;
  /** Newest first. */
  list(query: EventQuery, limit: number): readonly StoredEvent[];
  newestReceivedAtMs(): number | undefined;
  /** How many events there are. */
  count(): number;
  /** Oldest first, some per call, and not the newest of all, so that a place is never given twice. At most hourly where few are old. */
  dropReceivedBefore(atMs: number): void;
  /** The storage was emptied, or a burst was rolled back: what is in memory is read anew. */
  forget(): void;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS tenant (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  kind TEXT,
  resource_id TEXT,
  day TEXT NOT NULL,
  routed_seq INTEGER NOT NULL,
  listed INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY,
  dedupe_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT,
  webhook_id TEXT,
  event_at_ms INTEGER,
  received_at_ms INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  source TEXT NOT NULL,
  signature TEXT,
  lifecycle TEXT,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS todo (
  seq INTEGER NOT NULL,
  task TEXT NOT NULL,
  again INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (seq, task)
) STRICT, WITHOUT ROWID;`;

/** Of objects from before `failures`. */
const ADD_FAILURES = "ALTER TABLE todo ADD COLUMN failures INTEGER NOT NULL DEFAULT 0";
const SCHEMA = "SELECT name, sql FROM sqlite_master WHERE name IN ('tenant', 'todo')";

interface Row extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly dedupe_key: string;
  readonly name: string;
  readonly type: string | null;
  readonly webhook_id: string | null;
  readonly event_at_ms: number | null;
  readonly received_at_ms: number;
  readonly quarantined: number;
  readonly source: string;
  readonly signature: string | null;
  readonly body_bytes: number;
}

type WholeRow = Row & { readonly lifecycle: string | null; readonly body: ArrayBuffer };

const COLUMNS = `seq, dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature,
  length(body) AS body_bytes`;
const WHOLE = `SELECT ${COLUMNS}, lifecycle, body FROM event`;

function toStored(row: Row): StoredEvent {
  return {
    seq: row.seq,
    dedupeKey: row.dedupe_key,
    name: row.name,
    type: row.type ?? undefined,
    webhookId: row.webhook_id ?? undefined,
    eventAtMs: row.event_at_ms ?? undefined,
    receivedAtMs: row.received_at_ms,
    quarantined: row.quarantined === 1,
    source: row.source as EventSource,
    signature: row.signature ?? undefined,
    bodyBytes: row.body_bytes,
  };
}

function toWhole(row: WholeRow): WholeEvent {
  const lifecycle = row.lifecycle === null ? undefined : (JSON.parse(row.lifecycle) as LifecycleEvent);
  return { ...toStored(row), lifecycle, body: new Uint8Array(row.body) };
}

const LIST = `SELECT ${COLUMNS} FROM event WHERE seq < ?1
  AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR received_at_ms >= ?3) AND (?4 IS NULL OR received_at_ms < ?4)
  AND (?5 IS NULL OR quarantined = ?5)
ORDER BY seq DESC LIMIT ?6`;

const DROP_EVERY_MS = 3_600_000;
/** By key: what it reads does not grow with the table. */
const DROP = `DELETE FROM event WHERE received_at_ms < ?1
  AND seq IN (SELECT seq FROM event ORDER BY seq LIMIT 1000) AND seq < (SELECT max(seq) FROM event)`;

/** Without bodies: an object has 128 MB. */
const LENGTHS = "SELECT seq, length(body) AS bytes FROM event WHERE seq > ? ORDER BY seq LIMIT ?";

const SUMMARY = `SELECT app, kind, resource_id, day, listed, routed_seq,
  (SELECT max(seq) FROM event) AS last_seq,
  (SELECT received_at_ms FROM event ORDER BY seq DESC LIMIT 1) AS newest_ms,
  (SELECT received_at_ms FROM event ORDER BY seq LIMIT 1) AS oldest_ms,
  EXISTS (SELECT 1 FROM todo) AS has_todo
FROM tenant`;

interface SummaryRow extends Record<string, SqlStorageValue> {
  readonly app: string;
  readonly kind: string | null;
  readonly resource_id: string | null;
  readonly day: string;
  readonly listed: number;
  readonly routed_seq: number;
  readonly last_seq: number | null;
  readonly newest_ms: number | null;
  readonly oldest_ms: number | null;
  readonly has_todo: number;
}

/**
 * What a turn asks for again and again: read once in an object's life, then kept along. Times are told by place: events come in
 * the order of their places.
 */
interface Summary {
  readonly tenant: InboxTenant;
  listed: boolean;
  routedSeq: number;
  lastSeq: number;
  newestMs: number | undefined;
  oldestMs: number | undefined;
  /** False: nothing is. */
  hasTodo: boolean;
}

function toSummary(row: SummaryRow): Summary {
  const kind = row.kind === "company" ? "company" : "location";
  const resource = row.resource_id === null ? undefined : ({ kind, id: row.resource_id } as const);
  return {
    tenant: { app: row.app, resource, day: row.day },
    listed: row.listed === 1,
    routedSeq: row.routed_seq,
    lastSeq: row.last_seq ?? 0,
    newestMs: row.newest_ms ?? undefined,
    oldestMs: row.oldest_ms ?? undefined,
    hasTodo: row.has_todo === 1,
  };
}

export function createInboxStore(sql: SqlStorage): InboxStore {
  let summary: Summary | undefined;
  let isRead = false;

  /** Undefined: there is no event yet. */
  function known(): Summary | undefined {
    if (isRead) return summary;
    const tables = sql.exec<{ name: string; sql: string }>(SCHEMA).toArray();
    if (tables.some((table) => table.name === "todo" && !table.sql.includes("failures"))) sql.exec(ADD_FAILURES);
    const row = tables.length > 0 ? sql.exec<SummaryRow>(SUMMARY).toArray()[0] : undefined;
    summary = row && toSummary(row);
    // Only now: an inbox that could not be read must not be taken for an empty one.
    isRead = true;
    return summary;
  }

  function make(tenant: InboxTenant): Summary {
    sql.exec(TABLES);
    const { app, resource, day } = tenant;
    sql.exec(
      "INSERT INTO tenant (id, app, kind, resource_id, day, routed_seq, listed) VALUES (1, ?, ?, ?, ?, 0, 0)",
      app,
      resource?.kind ?? null,
      resource?.id ?? null,
      day,
    );
    const empty = { listed: false, routedSeq: 0, lastSeq: 0, newestMs: undefined, oldestMs: undefined, hasTodo: false };
    summary = { tenant, ...empty };
    return summary;
  }

  const whole = (where: string, ...bindings: SqlStorageValue[]): WholeEvent[] =>
    known() === undefined
      ? []
      : sql
          .exec<WholeRow>(`${WHOLE} ${where}`, ...bindings)
          .toArray()
          .map(toWhole);

  /** The last of the unrouted that fit; the first always does. */
  function lastThatFits({ routedSeq, lastSeq }: Summary, limit: number, maxBytes: number): number {
    if (lastSeq === routedSeq + 1) return lastSeq;
    let fits = 0;
    let bytes = 0;
    for (const row of sql.exec<{ seq: number; bytes: number }>(LENGTHS, routedSeq, limit)) {
      bytes += row.bytes;
      if (fits > 0 && bytes > maxBytes) break;
      fits = row.seq;
    }
    return fits;
  }

  return {
    tenant: () => known()?.tenant,
    insert(tenant, event, nowMs) {
      const inbox = known() ?? make(tenant);
      const inserted = sql.exec<{ seq: number }>(
        `INSERT OR IGNORE INTO event
          (dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature, lifecycle, body)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
        event.dedupeKey,
        event.name,
        event.type ?? null,
        event.webhookId ?? null,
        event.eventAtMs ?? null,
        nowMs,
        event.quarantined ? 1 : 0,
        event.source,
        event.signature ?? null,
        event.lifecycle === undefined ? null : JSON.stringify(event.lifecycle),
        event.body,
      );
      const row = inserted.toArray()[0];
      if (row === undefined) return false;
      inbox.lastSeq = row.seq;
      inbox.newestMs = nowMs;
      inbox.oldestMs ??= nowMs;
      return true;
    },
    isListed: () => known()?.listed ?? false,
    setListed(listed) {
      sql.exec("UPDATE tenant SET listed = ?", listed ? 1 : 0);
      known()!.listed = listed;
    },
    unrouted(limit, maxBytes) {
      const inbox = known();
      if (inbox === undefined || inbox.lastSeq <= inbox.routedSeq) return [];
      const lastSeq = lastThatFits(inbox, limit, maxBytes);
      return whole("WHERE seq > ? AND seq <= ? ORDER BY seq", inbox.routedSeq, lastSeq);
    },
    setRouted(seq) {
      sql.exec("UPDATE tenant SET routed_seq = ?", seq);
      known()!.routedSeq = seq;
    },
    hasUnrouted() {
      const inbox = known();
      return inbox !== undefined && inbox.lastSeq > inbox.routedSeq;
    },
    due(nowMs, limit) {
      if (!known()?.hasTodo) return [];
      return sql
        .exec<{ seq: number; task: string; again: number; tries: number; failures: number }>(
          "SELECT seq, task, again, tries, failures FROM todo WHERE at_ms <= ? ORDER BY seq LIMIT ?",
          nowMs,
          limit,
        )
        .toArray()
        .map(({ again, ...todo }) => ({ ...todo, again: again === 1 }));
    },
    nextDueAtMs() {
      const inbox = known();
      if (!inbox?.hasTodo) return undefined;
      const next = sql.exec<{ at_ms: number | null }>("SELECT min(at_ms) AS at_ms FROM todo").one().at_ms ?? undefined;
      inbox.hasTodo = next !== undefined;
      return next;
    },
    owe({ seq, task, again, tries, failures }, atMs) {
      known()!.hasTodo = true;
      sql.exec(
        `INSERT INTO todo (seq, task, again, tries, at_ms, failures) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
          ON CONFLICT (seq, task) DO UPDATE SET again = max(again, ?3), tries = ?4, at_ms = ?5, failures = ?6`,
        seq,
        task,
        again ? 1 : 0,
        tries,
        atMs,
        failures,
      );
    },
    done: ({ seq, task }) => void sql.exec("DELETE FROM todo WHERE seq = ? AND task = ?", seq, task),
    whole: (seq) => whole("WHERE seq = ?", seq)[0],
    find(eventId) {
      const prefix = eventId.replace(/^evt_/, "");
      // Hexadecimal digits come before g.
      return /^[0-9a-f]{32}$/.test(prefix)
        ? whole("WHERE dedupe_key >= ?1 AND dedupe_key < ?2", prefix, `${prefix}g`)[0]
        : undefined;
    },
    list({ beforeSeq, names, fromMs, toMs, quarantined }, limit) {
      if (known() === undefined) return [];
      return sql
        .exec<Row>(
          LIST,
          beforeSeq ?? Number.MAX_SAFE_INTEGER,
          names === undefined ? null : JSON.stringify(names),
          fromMs ?? null,
          toMs ?? null,
          quarantined === undefined ? null : quarantined ? 1 : 0,
          limit,
        )
        .toArray()
        .map(toStored);
    },
    newestReceivedAtMs: () => known()?.newestMs,
    count: () => (known() === undefined ? 0 : sql.exec<{ n: number }>("SELECT count(*) AS n FROM event").one().n),
    dropReceivedBefore(atMs) {
      const inbox = known();
      // An event that is too old by less waits, so that events that grow old one after the other make one run per hour.
      if (inbox?.oldestMs === undefined || inbox.oldestMs >= atMs - DROP_EVERY_MS) return;
      sql.exec(DROP, atMs);
      sql.exec("DELETE FROM todo WHERE seq < (SELECT min(seq) FROM event)");
      isRead = false;
    },
    forget() {
      summary = undefined;
      isRead = false;
    },
  };
}
