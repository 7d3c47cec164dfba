import type {
  DeliveryPage,
  DeliveryQuery,
  DispatcherAddress,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import { createDeliveredLog, type DeliveredLog } from "./delivered-log.ts";
import { createDeliveryOrder } from "./delivery-order.ts";
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  type DueDelivery,
  MAX_STORED_ATTEMPTS,
  type RecordedAttempt,
  toDue,
  toReport,
} from "./delivery-rows.ts";
import { MATCHES_QUERY, queryParameters, searchDeliveries } from "./delivery-search.ts";
import { createDeliveryTables, hasDeliveryTables } from "./delivery-tables.ts";

/** Limits of what `due` returns. */
export interface DueLimits {
  readonly deliveries: number;
  /** Limits the sum of their bodies; the first delivery always fits. */
  readonly bytes: number;
}

export interface AddOptions {
  /** The number of the delivery, from `nextSeq`. Default: the next one. */
  readonly seq?: number;
  /** First attempt of the delivery in ms since the epoch. Default: now. */
  readonly dueAtMs?: number;
  /** Makes a known delivery due again when it is not due already. */
  readonly resend: boolean;
  readonly nowMs: number;
}

/** Deliveries that are in flight. `due` returns neither them nor others with their order key. */
export type InFlight = Iterable<Pick<DueDelivery, "seq" | "orderKey">>;

/** The SQL of an `EndpointDispatcher`. Every method is synchronous, so a caller can make one transaction of several. */
export interface DeliveryStore {
  /** The deliveries that succeeded before they were stored. */
  readonly delivered: DeliveredLog;
  address(): DispatcherAddress | undefined;
  /** Creates the tables unless they exist. */
  create(address: DispatcherAddress): void;
  /** Assigns the next number. It is higher than that of each delivery which is stored. */
  nextSeq(): number;
  /** Returns the last number that was assigned. */
  newestSeq(): number;
  /** Whether a delivery with this id is stored, or was delivered lately. */
  isKnown(id: string): boolean;
  /** Whether a stored delivery with this key goes first. */
  isBlocked(orderKey: string): boolean;
  /** Returns the `seq` of the added delivery; undefined when it was there already. */
  add(address: DispatcherAddress, delivery: NewDelivery, options: AddOptions): number | undefined;
  /** Returns deliveries that may be sent now. The rows that it reads do not grow with the number of blocked deliveries. */
  due(nowMs: number, limits: DueLimits, inFlight: InFlight): readonly DueDelivery[];
  nextDueAtMs(): number | undefined;
  /**
   * Makes every delivery that waits for its next attempt due now, and writes one row for it, however many there are. An in-flight delivery
   * to the earlier destination is due again at once when it fails.
   */
  makeAllDue(nowMs: number): void;
  record(delivery: DueDelivery, recorded: RecordedAttempt): void;
  list(query: DeliveryQuery, limit: number): DeliveryPage;
  /** Makes dead deliveries due again and returns how many; with `dryRun` it only counts them. */
  retryDead(query: DeliveryQuery, options: { readonly nowMs: number; readonly dryRun: boolean }): number;
  counts(): { readonly due: number; readonly dead: number; readonly oldestDueAtMs: number | null };
  /** Drops cached rows. The object calls it after its storage was emptied or a transaction was rolled back. */
  forget(): void;
}

/**
 * The clock of the column `next_attempt_at_ms` is ahead of ours by `aheadMs`. Moving it makes deliveries due without a write to any of them,
 * and deliveries that are scheduled later are not affected.
 */
interface ScheduleClock {
  readonly aheadMs: number;
  /** When all deliveries were last made due; 0 means never. */
  readonly allDueAtMs: number;
}

const UNMOVED: ScheduleClock = { aheadMs: 0, allDueAtMs: 0 };

/** Times at which ready deliveries are due, from the index of ready deliveries. */
const READY_AT = "SELECT next_attempt_at_ms AS n FROM delivery WHERE state = 'due' AND blocked = 0 ORDER BY n";
const DUE = `SELECT ${DELIVERY_COLUMNS}, body FROM delivery WHERE state = 'due' AND blocked = 0 AND next_attempt_at_ms <= ?1
  AND seq NOT IN (SELECT value FROM json_each(?2))
  AND (order_key IS NULL OR order_key NOT IN (SELECT value FROM json_each(?3)))
  ORDER BY next_attempt_at_ms LIMIT ?4`;
const INSERT = `INSERT INTO delivery
  (id, type, source, resource_kind, resource_id, inbox, order_key, headers, body, state, next_attempt_at_ms, tries, attempts,
    created_at_ms, blocked, seq)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'due', ?10, 0, '[]', ?12, ?11, ?13)
  ON CONFLICT (id) DO`;
const ADD = `${INSERT} NOTHING RETURNING seq`;
const ADD_OR_RESEND = `${INSERT} UPDATE
  SET body = ?9, headers = ?8, state = 'due', next_attempt_at_ms = ?10, tries = 0, blocked = ?11
  WHERE state <> 'due' RETURNING seq`;
const RECORD = `UPDATE delivery SET state = ?2, next_attempt_at_ms = ?3, tries = ?4, attempts = ?5,
  body = CASE WHEN ?2 = 'delivered' THEN NULL ELSE body END WHERE seq = ?1`;
const LAST_SEQ = `SELECT max(coalesce((SELECT max(seq) FROM delivery), 0),
  coalesce((SELECT max(block) FROM delivered_block), 0)) AS n`;
const OF_DEAD = `FROM delivery WHERE state = 'dead' AND ${MATCHES_QUERY}`;
const RETRY_DEAD = `UPDATE delivery
  SET state = 'due', next_attempt_at_ms = ?1, tries = 0, blocked = (order_key IS NOT NULL)
  WHERE state = 'dead' AND ${MATCHES_QUERY}`;

/** Each reads an index that has only these deliveries, and no row. */
const COUNT_DUE = "SELECT count(*) AS n FROM delivery INDEXED BY delivery_due WHERE state = 'due'";
const COUNT_DEAD = "SELECT count(*) AS n FROM delivery INDEXED BY delivery_dead WHERE state = 'dead'";
const OLDEST_DUE = "SELECT min(created_at_ms) AS n FROM delivery INDEXED BY delivery_due WHERE state = 'due'";

interface DispatcherRow extends Record<string, SqlStorageValue> {
  readonly app: string;
  readonly endpoint_id: string;
  readonly shard: number;
  readonly clock_ahead_ms: number;
  readonly all_due_at_ms: number;
}

/** Merges pages of the same query. Each has everything from its `nextSeq` on, so the merged one begins where the first of them ends. */
function mergePages(pages: readonly DeliveryPage[], limit: number): DeliveryPage {
  const from = Math.max(...pages.map(({ nextSeq }) => nextSeq ?? 0));
  const items = pages
    .flatMap((page) => page.items)
    .filter(({ seq }) => seq >= from)
    .sort((one, other) => other.seq - one.seq)
    .slice(0, limit);
  const last = items.at(-1);
  if (items.length === limit && last !== undefined) return { items, nextSeq: last.seq };
  return { items, nextSeq: from === 0 ? undefined : from };
}

export function createDeliveryStore(sql: SqlStorage): DeliveryStore {
  let address: DispatcherAddress | undefined;
  let clock = UNMOVED;
  let isRead = false;
  /** Undefined before the object has read it. */
  let lastSeq: number | undefined;
  const order = createDeliveryOrder(sql);
  const delivered = createDeliveredLog(sql, {
    hasTables: () => readAddress() !== undefined,
    nextSeq,
    lastSeq: newestSeq,
  });

  function newestSeq(): number {
    lastSeq ??= first<number>(LAST_SEQ) ?? 0;
    return lastSeq;
  }

  function nextSeq(): number {
    lastSeq = newestSeq() + 1;
    return lastSeq;
  }

  function readAddress(): DispatcherAddress | undefined {
    if (isRead) return address;
    const select = "SELECT app, endpoint_id, shard, clock_ahead_ms, all_due_at_ms FROM dispatcher";
    const row = hasDeliveryTables(sql) ? sql.exec<DispatcherRow>(select).one() : undefined;
    address = row && { app: row.app, endpointId: row.endpoint_id, shard: row.shard };
    clock = row === undefined ? UNMOVED : { aheadMs: row.clock_ahead_ms, allDueAtMs: row.all_due_at_ms };
    // This comes last: an object that could not be read must not be treated as empty.
    isRead = true;
    return address;
  }

  function create(created: DispatcherAddress): void {
    createDeliveryTables(sql);
    const insert = `INSERT OR IGNORE INTO dispatcher (id, app, endpoint_id, shard, clock_ahead_ms, all_due_at_ms)
      VALUES (1, ?, ?, ?, 0, 0)`;
    sql.exec(insert, created.app, created.endpointId, created.shard);
    address = created;
  }

  const first = <Value extends SqlStorageValue>(query: string): Value | undefined =>
    readAddress() === undefined ? undefined : sql.exec<{ n: Value }>(query).toArray()[0]?.n;

  /** A delivery that `makeAllDue` made due is due since then, whenever it would have been due. */
  const nextAttemptOf = ({ next_attempt_at_ms: atMs }: DeliveryRow): number | null =>
    atMs === null || clock.allDueAtMs === 0 ? atMs : Math.max(atMs - clock.aheadMs, clock.allDueAtMs);

  return {
    delivered,
    address: readAddress,
    create(created) {
      if (readAddress() === undefined) create(created);
    },
    nextSeq,
    newestSeq,
    isKnown: (id) =>
      readAddress() !== undefined &&
      (delivered.has(id) || sql.exec("SELECT 1 FROM delivery WHERE id = ?", id).toArray().length > 0),
    isBlocked: (orderKey) => order.headOf(orderKey) !== undefined,
    add(of, { id, type, source, resource, inbox, orderKey, headers, body }, { resend, nowMs, dueAtMs = nowMs, seq }) {
      if (readAddress() === undefined) create(of);
      const isBlocked = orderKey !== null && order.headOf(orderKey) !== undefined;
      const insert = () =>
        sql
          .exec<{ seq: number }>(
            resend ? ADD_OR_RESEND : ADD,
            id,
            type,
            source,
            resource?.kind ?? null,
            resource?.id ?? null,
            inbox,
            orderKey,
            JSON.stringify(headers),
            body,
            dueAtMs + clock.aheadMs,
            isBlocked ? 1 : 0,
            nowMs,
            seq ?? nextSeq(),
          )
          .toArray()[0]?.seq;
      // A delivery that is sent again keeps its `seq`, which may be before all others of its key.
      return resend && orderKey !== null ? order.updateHeads([orderKey], insert) : insert();
    },
    due(nowMs, { deliveries, bytes }, inFlight) {
      if (readAddress() === undefined) return [];
      const taken = [...inFlight];
      const rows = sql.exec<DeliveryRow & { body: ArrayBuffer | null }>(
        DUE,
        nowMs + clock.aheadMs,
        JSON.stringify(taken.map(({ seq }) => seq)),
        JSON.stringify(taken.flatMap(({ orderKey }) => orderKey ?? [])),
        deliveries,
      );
      const due: DueDelivery[] = [];
      let sum = 0;
      // The cursor reads row by row, so a delivery that does not fit is never in memory.
      for (const row of rows) {
        sum += row.body?.byteLength ?? 0;
        if (due.length > 0 && sum > bytes) break;
        due.push(toDue(row));
      }
      return due;
    },
    nextDueAtMs() {
      const atMs = first<number>(`${READY_AT} LIMIT 1`);
      return atMs === undefined ? undefined : atMs - clock.aheadMs;
    },
    makeAllDue(nowMs) {
      const lastAtMs = first<number>(`${READY_AT} DESC LIMIT 1`);
      if (lastAtMs === undefined) return;
      const aheadMs = Math.max(clock.aheadMs, lastAtMs - nowMs);
      sql.exec("UPDATE dispatcher SET clock_ahead_ms = ?1, all_due_at_ms = ?2", aheadMs, nowMs);
      clock = { aheadMs, allDueAtMs: nowMs };
    },
    record({ seq, tries, attempts, orderKey }, { state, nextAttemptAtMs: atMs, attempt }) {
      const isEnded = state !== "due";
      // An attempt that began before `makeAllDue` went to the earlier destination, so its delivery is due now.
      const dueAtMs = atMs !== null && attempt.atMs < clock.allDueAtMs ? Math.min(atMs, clock.allDueAtMs) : atMs;
      order.updateHeads(orderKey !== null && isEnded ? [orderKey] : [], () =>
        sql.exec(
          RECORD,
          seq,
          state,
          dueAtMs === null ? null : dueAtMs + clock.aheadMs,
          tries + 1,
          JSON.stringify([...attempts, attempt].slice(-MAX_STORED_ATTEMPTS)),
        ),
      );
    },
    list(query, limit) {
      if (readAddress() === undefined) return { items: [], nextSeq: undefined };
      const { rows, nextSeq: storedSeq } = searchDeliveries(sql, query, limit);
      const stored = rows.map((row) => ({ ...toReport(row), nextAttemptAtMs: nextAttemptOf(row) }));
      return mergePages([{ items: stored, nextSeq: storedSeq }, delivered.search(query, limit)], limit);
    },
    retryDead(query, { nowMs, dryRun }) {
      if (readAddress() === undefined) return 0;
      const parameters = queryParameters({ ...query, state: "dead" });
      const { n } = sql.exec<{ n: number }>(`SELECT count(*) AS n ${OF_DEAD}`, null, null, ...parameters).one();
      if (dryRun || n === 0) return n;
      const select = `SELECT DISTINCT order_key ${OF_DEAD} AND order_key IS NOT NULL`;
      const keys = sql.exec<{ order_key: string }>(select, null, null, ...parameters).toArray();
      order.updateHeads(
        keys.map(({ order_key }) => order_key),
        () => sql.exec(RETRY_DEAD, nowMs + clock.aheadMs, null, ...parameters),
      );
      return n;
    },
    counts() {
      const due = first<number>(COUNT_DUE) ?? 0;
      const dead = first<number>(COUNT_DEAD) ?? 0;
      const oldest = first<number>(OLDEST_DUE);
      return { due, dead, oldestDueAtMs: oldest ?? null };
    },
    forget() {
      address = undefined;
      clock = UNMOVED;
      // The last number stays, because deliveries in memory have higher ones than those that are stored.
      delivered.forget();
      isRead = false;
    },
  };
}
