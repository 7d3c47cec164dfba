import type { AppLife, EventSource, InboxAddress, InboxEvent } from "../domain/inbox-event.ts";
import type { EventQuery } from "./interfaces.ts";

/** Whose events an object keeps; it cannot be told from inside otherwise. */
export interface InboxOwner extends InboxAddress {
  readonly app: string;
}

/** An event without its body. */
export interface StoredEvent extends Omit<InboxEvent, "body" | "life"> {
  /** Its place in the inbox. */
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly bodyBytes: number;
}

export interface WholeEvent extends StoredEvent {
  readonly life: AppLife | undefined;
  readonly body: Uint8Array;
}

/** What is left to do for one event: `life` and `route` are ours, anything else is an endpoint's id. */
export interface Todo {
  readonly seq: number;
  readonly task: string;
  /** Sent again although it was sent. */
  readonly again: boolean;
  readonly tries: number;
}

/** The SQL of a `WebhookInbox`. Every method is synchronous, so a caller can make one burst of it. */
export interface InboxStore {
  owner(): InboxOwner | undefined;
  /** The first event makes the tables and writes whose they are. */
  insert(owner: InboxOwner, event: InboxEvent, nowMs: number): boolean;
  /** Whether the directory lists this inbox. */
  isListed(): boolean;
  setListed(): void;
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
  /** All but the newest, so that a place is never given twice. */
  dropReceivedBefore(atMs: number): void;
  /** The storage was emptied. */
  emptied(): void;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS owner (
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
  life TEXT,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS todo (
  seq INTEGER NOT NULL,
  task TEXT NOT NULL,
  again INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (seq, task)
) STRICT, WITHOUT ROWID;`;

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

type WholeRow = Row & { readonly life: string | null; readonly body: ArrayBuffer };

const COLUMNS = `seq, dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature,
  length(body) AS body_bytes`;
const WHOLE = `SELECT ${COLUMNS}, life, body FROM event`;

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
  const life = row.life === null ? undefined : (JSON.parse(row.life) as AppLife);
  return { ...toStored(row), life, body: new Uint8Array(row.body) };
}

const LIST = `SELECT ${COLUMNS} FROM event WHERE seq < ?1
  AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR received_at_ms >= ?3) AND (?4 IS NULL OR received_at_ms < ?4)
  AND (?5 IS NULL OR quarantined = ?5)
ORDER BY seq DESC LIMIT ?6`;

/** What fits is told by lengths, before bodies are read: an object has 128 MB. */
const UNROUTED = `WHERE seq IN (
  SELECT seq FROM (
    SELECT seq, sum(length(body)) OVER (ORDER BY seq) AS bytes, row_number() OVER (ORDER BY seq) AS place
    FROM event WHERE seq > (SELECT routed_seq FROM owner) ORDER BY seq LIMIT ?1
  ) WHERE bytes <= ?2 OR place = 1
) ORDER BY seq`;

export function createInboxStore(sql: SqlStorage): InboxStore {
  let owner: InboxOwner | undefined;
  let isRead = false;

  function readOwner(): InboxOwner | undefined {
    if (isRead) return owner;
    isRead = true;
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'owner'").toArray().length === 0) return undefined;
    const row = sql.exec<Record<string, string | null>>("SELECT app, kind, resource_id, day FROM owner").toArray()[0];
    if (row === undefined) return undefined;
    const kind = row.kind === "company" ? "company" : "location";
    const resource = row.resource_id == null ? undefined : ({ kind, id: row.resource_id } as const);
    owner = { app: row.app!, resource, day: row.day! };
    return owner;
  }

  function make(wanted: InboxOwner): void {
    sql.exec(TABLES);
    const { app, resource, day } = wanted;
    sql.exec(
      "INSERT OR IGNORE INTO owner VALUES (1, ?, ?, ?, ?, 0, 0)",
      app,
      resource?.kind ?? null,
      resource?.id ?? null,
      day,
    );
    owner = wanted;
  }

  const whole = (where: string, ...bindings: SqlStorageValue[]): WholeEvent[] =>
    readOwner() === undefined
      ? []
      : sql
          .exec<WholeRow>(`${WHOLE} ${where}`, ...bindings)
          .toArray()
          .map(toWhole);
  const number = (query: string): number | undefined =>
    readOwner() === undefined ? undefined : (sql.exec<{ n: number | null }>(query).toArray()[0]?.n ?? undefined);

  return {
    owner: readOwner,
    insert(wanted, event, nowMs) {
      if (readOwner() === undefined) make(wanted);
      const { rowsWritten } = sql.exec(
        `INSERT OR IGNORE INTO event
          (dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature, life, body)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        event.dedupeKey,
        event.name,
        event.type ?? null,
        event.webhookId ?? null,
        event.eventAtMs ?? null,
        nowMs,
        event.quarantined ? 1 : 0,
        event.source,
        event.signature ?? null,
        event.life === undefined ? null : JSON.stringify(event.life),
        event.body,
      );
      return rowsWritten > 0;
    },
    isListed: () => number("SELECT listed AS n FROM owner") === 1,
    setListed: () => void sql.exec("UPDATE owner SET listed = 1"),
    unrouted: (limit, maxBytes) => whole(UNROUTED, limit, maxBytes),
    setRouted: (seq) => void sql.exec("UPDATE owner SET routed_seq = ?", seq),
    hasUnrouted: () => number("SELECT max(seq) > (SELECT routed_seq FROM owner) AS n FROM event") === 1,
    due(nowMs, limit) {
      if (readOwner() === undefined) return [];
      return sql
        .exec<{ seq: number; task: string; again: number; tries: number }>(
          "SELECT seq, task, again, tries FROM todo WHERE at_ms <= ? ORDER BY seq LIMIT ?",
          nowMs,
          limit,
        )
        .toArray()
        .map(({ seq, task, again, tries }) => ({ seq, task, again: again === 1, tries }));
    },
    nextDueAtMs: () => number("SELECT min(at_ms) AS n FROM todo"),
    owe({ seq, task, again, tries }, atMs) {
      sql.exec(
        `INSERT INTO todo VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT (seq, task) DO UPDATE SET again = max(again, ?3), tries = ?4, at_ms = ?5`,
        seq,
        task,
        again ? 1 : 0,
        tries,
        atMs,
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
      if (readOwner() === undefined) return [];
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
    // By place, not by time: events come in the order of their places, and places are the key.
    newestReceivedAtMs: () => number("SELECT received_at_ms AS n FROM event ORDER BY seq DESC LIMIT 1"),
    dropReceivedBefore(atMs) {
      const oldestMs = number("SELECT received_at_ms AS n FROM event ORDER BY seq LIMIT 1");
      if (oldestMs === undefined || oldestMs >= atMs) return;
      sql.exec("DELETE FROM event WHERE received_at_ms < ?1 AND seq < (SELECT max(seq) FROM event)", atMs);
      sql.exec("DELETE FROM todo WHERE seq NOT IN (SELECT seq FROM event)");
    },
    emptied() {
      owner = undefined;
      isRead = false;
    },
  };
}
