import type { EventSource } from "../domain/inbox-event.ts";
import type { Resource } from "../domain/resource.ts";
import type {
  Attempt,
  DeliveryPage,
  DeliveryQuery,
  DeliveryReport,
  DeliveryState,
  DispatcherAddress,
  NewDelivery,
} from "./interfaces.ts";

/** A delivery that is to be sent. */
export interface DueDelivery extends NewDelivery {
  readonly seq: number;
  readonly createdAtMs: number;
  /** Since it was taken on, or made due again. */
  readonly tries: number;
  readonly attempts: readonly Attempt[];
}

export interface Recorded {
  readonly state: DeliveryState;
  /** Null: never. */
  readonly atMs: number | null;
  readonly attempt: Attempt;
}

/** The SQL of an `EndpointDispatcher`. Every method is synchronous, so a caller can make one burst of it. */
export interface DeliveryStore {
  address(): DispatcherAddress | undefined;
  add(address: DispatcherAddress, delivery: NewDelivery, again: boolean, nowMs: number): void;
  /** May be sent now; of what is ordered, the first. */
  due(nowMs: number, limit: number, except: readonly number[]): readonly DueDelivery[];
  nextDueAtMs(): number | undefined;
  record(delivery: DueDelivery, recorded: Recorded): void;
  list(query: DeliveryQuery, limit: number): DeliveryPage;
  /** Makes dead ones due again, or counts them. */
  revive(query: DeliveryQuery, nowMs: number, dryRun: boolean): number;
  counts(): { readonly due: number; readonly dead: number; readonly oldestDueAtMs: number | null };
  /** What has ended before this time. */
  drop(beforeMs: number): void;
  oldestEndedAtMs(): number | undefined;
  /** The storage was emptied, or a transaction was rolled back: what is in memory is read again. */
  forget(): void;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  shard INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  kind TEXT,
  resource_id TEXT,
  inbox TEXT,
  order_key TEXT,
  headers TEXT NOT NULL,
  body BLOB,
  state TEXT NOT NULL,
  at_ms INTEGER,
  tries INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (at_ms) WHERE state = 'due';
CREATE INDEX IF NOT EXISTS delivery_in_order ON delivery (order_key, seq) WHERE state = 'due' AND order_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (seq) WHERE state = 'dead';`;

interface Row extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly kind: string | null;
  readonly resource_id: string | null;
  readonly inbox: string | null;
  readonly order_key: string | null;
  readonly headers: string;
  readonly state: string;
  readonly at_ms: number | null;
  readonly tries: number;
  readonly attempts: string;
  readonly created_at_ms: number;
}

/** A day is told by a dozen; a replay adds to them. */
const KEPT_ATTEMPTS = 20;
/** What one question may look at, so that a search for what is rare has an end. */
const SCANNED_ROWS = 2_000;

const REPORTED = `seq, id, type, source, kind, resource_id, inbox, order_key, headers, state, at_ms, tries, attempts,
  created_at_ms`;
const FIRST_OF_ITS_ORDER = `(d.order_key IS NULL OR NOT EXISTS (
  SELECT 1 FROM delivery e WHERE e.state = 'due' AND e.order_key = d.order_key AND e.seq < d.seq))`;

function resourceOf({ kind, resource_id }: Row): Resource | undefined {
  if (resource_id === null) return undefined;
  return { kind: kind === "company" ? "company" : "location", id: resource_id };
}

const attemptsOf = (row: Row): Attempt[] => JSON.parse(row.attempts) as Attempt[];

function toReport(row: Row): DeliveryReport {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    resource: resourceOf(row) ?? null,
    inbox: row.inbox,
    state: row.state as DeliveryState,
    createdAtMs: row.created_at_ms,
    nextAttemptAtMs: row.at_ms,
    attempts: attemptsOf(row),
  };
}

function toDue(row: Row & { readonly body: ArrayBuffer | null }): DueDelivery {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    source: row.source as EventSource,
    resource: resourceOf(row),
    inbox: row.inbox,
    orderKey: row.order_key,
    headers: JSON.parse(row.headers) as Record<string, string>,
    body: new Uint8Array(row.body ?? new ArrayBuffer(0)),
    createdAtMs: row.created_at_ms,
    tries: row.tries,
    attempts: attemptsOf(row),
  };
}

/** `?3` to `?9`: what a question asks for. */
const ASKED = `(?3 IS NULL OR state = ?3) AND (?4 IS NULL OR type = ?4)
  AND (?5 IS NULL OR (kind = ?5 AND resource_id = ?6)) AND (?7 IS NULL OR id IN (SELECT value FROM json_each(?7)))
  AND (?8 IS NULL OR created_at_ms >= ?8) AND (?9 IS NULL OR created_at_ms < ?9)`;
const SCANNED = `SELECT * FROM delivery WHERE seq < ?1 ORDER BY seq DESC LIMIT ${SCANNED_ROWS}`;
/** By their index, so that they are found however old they are. */
const NAMED = "SELECT * FROM delivery WHERE seq < ?1 AND id IN (SELECT value FROM json_each(?7))";

function asked({ state, type, resource, ids, fromMs, toMs }: DeliveryQuery): readonly SqlStorageValue[] {
  const names = ids === undefined ? null : JSON.stringify(ids);
  return [
    state ?? null,
    type ?? null,
    resource?.kind ?? null,
    resource?.id ?? null,
    names,
    fromMs ?? null,
    toMs ?? null,
  ];
}

export function createDeliveryStore(sql: SqlStorage): DeliveryStore {
  let address: DispatcherAddress | undefined;
  let isRead = false;

  function readAddress(): DispatcherAddress | undefined {
    if (isRead) return address;
    const isMade = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'owner'").toArray().length > 0;
    const select = "SELECT app, endpoint_id, shard FROM owner";
    const row = isMade ? sql.exec<{ app: string; endpoint_id: string; shard: number }>(select).one() : undefined;
    address = row && { app: row.app, endpointId: row.endpoint_id, shard: row.shard };
    // Only now: an object that could not be read must not be taken for an empty one.
    isRead = true;
    return address;
  }

  function make(wanted: DispatcherAddress): void {
    sql.exec(TABLES);
    const insert = "INSERT OR IGNORE INTO owner (id, app, endpoint_id, shard) VALUES (1, ?, ?, ?)";
    sql.exec(insert, wanted.app, wanted.endpointId, wanted.shard);
    address = wanted;
  }

  const first = <Value extends SqlStorageValue>(query: string): Value | undefined =>
    readAddress() === undefined ? undefined : sql.exec<{ n: Value }>(query).toArray()[0]?.n;

  return {
    address: readAddress,
    add(wanted, { id, type, source, resource, inbox, orderKey, headers, body }, again, nowMs) {
      if (readAddress() === undefined) make(wanted);
      sql.exec(
        `INSERT INTO delivery
          (id, type, source, kind, resource_id, inbox, order_key, headers, body, state, at_ms, tries, attempts, created_at_ms)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'due', ?10, 0, '[]', ?10)
          ON CONFLICT (id) DO ${again ? "UPDATE SET body = ?9, headers = ?8, state = 'due', at_ms = ?10, tries = 0 WHERE state <> 'due'" : "NOTHING"}`,
        id,
        type,
        source,
        resource?.kind ?? null,
        resource?.id ?? null,
        inbox,
        orderKey,
        JSON.stringify(headers),
        body,
        nowMs,
      );
    },
    due(nowMs, limit, except) {
      if (readAddress() === undefined) return [];
      return sql
        .exec<Row & { body: ArrayBuffer | null }>(
          `SELECT ${REPORTED}, body FROM delivery d WHERE state = 'due' AND at_ms <= ?1
            AND seq NOT IN (SELECT value FROM json_each(?2)) AND ${FIRST_OF_ITS_ORDER} ORDER BY at_ms LIMIT ?3`,
          nowMs,
          JSON.stringify(except),
          limit,
        )
        .toArray()
        .map(toDue);
    },
    nextDueAtMs: () =>
      first<number>(
        `SELECT at_ms AS n FROM delivery d WHERE state = 'due' AND ${FIRST_OF_ITS_ORDER} ORDER BY at_ms LIMIT 1`,
      ),
    record({ seq, tries, attempts }, { state, atMs, attempt }) {
      sql.exec(
        `UPDATE delivery SET state = ?2, at_ms = ?3, tries = ?4, attempts = ?5,
          body = CASE WHEN ?2 = 'delivered' THEN NULL ELSE body END WHERE seq = ?1`,
        seq,
        state,
        atMs,
        tries + 1,
        JSON.stringify([...attempts, attempt].slice(-KEPT_ATTEMPTS)),
      );
    },
    list(query, limit) {
      if (readAddress() === undefined) return { items: [], nextSeq: undefined };
      const beforeSeq = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
      const source = query.ids === undefined ? SCANNED : NAMED;
      const rows = sql
        .exec<Row>(
          `SELECT ${REPORTED} FROM (${source}) WHERE ${ASKED} ORDER BY seq DESC LIMIT ?2`,
          beforeSeq,
          limit,
          ...asked(query),
        )
        .toArray();
      const items = rows.map(toReport);
      if (rows.length === limit) return { items, nextSeq: rows.at(-1)?.seq };
      if (query.ids !== undefined) return { items, nextSeq: undefined };
      const scanned = sql.exec<{ n: number; last: number }>(
        `SELECT count(*) AS n, min(seq) AS last FROM (${SCANNED})`,
        beforeSeq,
      );
      const { n, last } = scanned.one();
      return { items, nextSeq: n < SCANNED_ROWS ? undefined : last };
    },
    revive(query, nowMs, dryRun) {
      if (readAddress() === undefined) return 0;
      const wanted = asked({ ...query, state: "dead" });
      const { n } = sql
        .exec<{ n: number }>(
          `SELECT count(*) AS n FROM delivery WHERE state = 'dead' AND ${ASKED}`,
          null,
          null,
          ...wanted,
        )
        .one();
      const update = `UPDATE delivery SET state = 'due', at_ms = ?1, tries = 0 WHERE state = 'dead' AND ${ASKED}`;
      if (!dryRun) sql.exec(update, nowMs, null, ...wanted);
      return n;
    },
    counts() {
      const due = first<number>("SELECT count(*) AS n FROM delivery WHERE state = 'due'") ?? 0;
      const dead = first<number>("SELECT count(*) AS n FROM delivery WHERE state = 'dead'") ?? 0;
      const oldest = first<number>("SELECT min(created_at_ms) AS n FROM delivery WHERE state = 'due'");
      return { due, dead, oldestDueAtMs: oldest ?? null };
    },
    drop(beforeMs) {
      sql.exec(
        "DELETE FROM delivery WHERE created_at_ms < ? AND state <> 'due' AND seq < (SELECT max(seq) FROM delivery)",
        beforeMs,
      );
    },
    oldestEndedAtMs: () => first<number>("SELECT created_at_ms AS n FROM delivery ORDER BY seq LIMIT 1"),
    forget() {
      address = undefined;
      isRead = false;
    },
  };
}
