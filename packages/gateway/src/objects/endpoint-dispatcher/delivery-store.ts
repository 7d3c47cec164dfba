import type {
  DeliveryPage,
  DeliveryQuery,
  DispatcherAddress,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import {
  ASKED,
  asked,
  type DeliveryRow,
  type DueDelivery,
  KEPT_ATTEMPTS,
  NAMED,
  REPORTED,
  type Recorded,
  SCANNED,
  SCANNED_ROWS,
  toDue,
  toReport,
} from "./delivery-rows.ts";
import { hasDeliveryTables, makeDeliveryTables } from "./delivery-tables.ts";

/** How much of what is due may be taken at once. */
export interface DueLimits {
  readonly deliveries: number;
  /** Limits the sum of their bodies; the first always fits. */
  readonly bytes: number;
}

/** When what is ready is due, by the index of what is ready. */
const READY_AT = "SELECT at_ms AS n FROM delivery WHERE state = 'due' AND waiting = 0 ORDER BY at_ms";

/** What is under way already: neither it nor what is delivered after it may be taken. */
export type UnderWay = Iterable<Pick<DueDelivery, "seq" | "orderKey">>;

/** The SQL of an `EndpointDispatcher`. Every method is synchronous, so a caller can make one burst of it. */
export interface DeliveryStore {
  address(): DispatcherAddress | undefined;
  /** The place of what was added; undefined: it is there already. */
  add(address: DispatcherAddress, delivery: NewDelivery, again: boolean, nowMs: number): number | undefined;
  /** May be sent now; of what is ordered, the first. What it reads does not grow with what waits behind that. */
  due(nowMs: number, limits: DueLimits, underWay: UnderWay): readonly DueDelivery[];
  nextDueAtMs(): number | undefined;
  /**
   * Makes all that waits for its next attempt due now, and writes one row for it, however much waits. What was under way is due
   * again at once where it fails, because it was sent to the receiver of before.
   */
  pullForward(nowMs: number): void;
  record(delivery: DueDelivery, recorded: Recorded): void;
  list(query: DeliveryQuery, limit: number): DeliveryPage;
  /** Makes dead ones due again, or counts them. */
  revive(query: DeliveryQuery, nowMs: number, dryRun: boolean): number;
  counts(): { readonly due: number; readonly dead: number; readonly oldestDueAtMs: number | null };
  /** The storage was emptied, or a transaction was rolled back: what is in memory is read again. */
  forget(): void;
}

/**
 * The clock of `at_ms` goes ahead of ours by as much as deliveries were ever pulled forward: setting it touches no delivery, and
 * what is put off later is not pulled with the others.
 */
interface Pulled {
  readonly aheadMs: number;
  /** When it was last done; 0: never. */
  readonly atMs: number;
}

const NEVER_PULLED: Pulled = { aheadMs: 0, atMs: 0 };

interface TenantRow extends Record<string, SqlStorageValue> {
  readonly app: string;
  readonly endpoint_id: string;
  readonly shard: number;
  readonly ahead_ms: number;
  readonly pulled_at_ms: number;
}

export function createDeliveryStore(sql: SqlStorage): DeliveryStore {
  let address: DispatcherAddress | undefined;
  let pulled = NEVER_PULLED;
  let isRead = false;

  function readAddress(): DispatcherAddress | undefined {
    if (isRead) return address;
    const isMade = hasDeliveryTables(sql);
    const select = "SELECT app, endpoint_id, shard, ahead_ms, pulled_at_ms FROM tenant";
    const row = isMade ? sql.exec<TenantRow>(select).one() : undefined;
    address = row && { app: row.app, endpointId: row.endpoint_id, shard: row.shard };
    pulled = row === undefined ? NEVER_PULLED : { aheadMs: row.ahead_ms, atMs: row.pulled_at_ms };
    // Only now: an object that could not be read must not be taken for an empty one.
    isRead = true;
    return address;
  }

  function make(wanted: DispatcherAddress): void {
    makeDeliveryTables(sql);
    const insert = "INSERT OR IGNORE INTO tenant (id, app, endpoint_id, shard) VALUES (1, ?, ?, ?)";
    sql.exec(insert, wanted.app, wanted.endpointId, wanted.shard);
    address = wanted;
  }

  const first = <Value extends SqlStorageValue>(query: string): Value | undefined =>
    readAddress() === undefined ? undefined : sql.exec<{ n: Value }>(query).toArray()[0]?.n;

  /** What was pulled forward is due since then, whenever it would have been due. */
  const nextAttemptOf = ({ at_ms }: DeliveryRow): number | null =>
    at_ms === null || pulled.atMs === 0 ? at_ms : Math.max(at_ms - pulled.aheadMs, pulled.atMs);

  /** Finds the one that goes first among what is due in this order. */
  function headOf(orderKey: string): number | undefined {
    const query = "SELECT seq AS n FROM delivery WHERE state = 'due' AND order_key = ? ORDER BY seq LIMIT 1";
    return sql.exec<{ n: number }>(query, orderKey).toArray()[0]?.n;
  }

  /** Only the first of an order is in the index of what is ready; `change` may make it another. */
  function keepingOrder<Result>(orderKeys: readonly string[], change: () => Result): Result {
    const before = orderKeys.map(headOf);
    const result = change();
    // One that has to wait for another is tried when its turn comes: its own time would be out of sight of `pullForward`.
    const setWaiting = (seq: number | undefined, waiting: 0 | 1): void => {
      const update = `UPDATE delivery SET waiting = ?2, at_ms = iif(?2 = 1, min(at_ms, created_at_ms), at_ms)
        WHERE seq = ?1 AND state = 'due' AND waiting <> ?2`;
      if (seq !== undefined) sql.exec(update, seq, waiting);
    };
    for (const [index, orderKey] of orderKeys.entries()) {
      const head = headOf(orderKey);
      if (head === before[index]) continue;
      setWaiting(before[index], 1);
      setWaiting(head, 0);
    }
    return result;
  }

  return {
    address: readAddress,
    add(wanted, { id, type, source, resource, inbox, orderKey, headers, body }, again, nowMs) {
      if (readAddress() === undefined) make(wanted);
      const isWaiting = orderKey !== null && headOf(orderKey) !== undefined;
      const insert = () =>
        sql
          .exec<{ seq: number }>(
            `INSERT INTO delivery
          (id, type, source, kind, resource_id, inbox, order_key, headers, body, state, at_ms, tries, attempts, created_at_ms, waiting)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'due', ?10, 0, '[]', ?12, ?11)
          ON CONFLICT (id) DO ${again ? "UPDATE SET body = ?9, headers = ?8, state = 'due', at_ms = ?10, tries = 0, waiting = ?11 WHERE state <> 'due'" : "NOTHING"}
          RETURNING seq`,
            id,
            type,
            source,
            resource?.kind ?? null,
            resource?.id ?? null,
            inbox,
            orderKey,
            JSON.stringify(headers),
            body,
            nowMs + pulled.aheadMs,
            isWaiting ? 1 : 0,
            nowMs,
          )
          .toArray()[0]?.seq;
      // One that is sent again has its old place, which may be before all others.
      return again && orderKey !== null ? keepingOrder([orderKey], insert) : insert();
    },
    due(nowMs, { deliveries, bytes }, underWay) {
      if (readAddress() === undefined) return [];
      const taken = [...underWay];
      const rows = sql.exec<DeliveryRow & { body: ArrayBuffer | null }>(
        `SELECT ${REPORTED}, body FROM delivery WHERE state = 'due' AND waiting = 0 AND at_ms <= ?1
          AND seq NOT IN (SELECT value FROM json_each(?2))
          AND (order_key IS NULL OR order_key NOT IN (SELECT value FROM json_each(?3)))
          ORDER BY at_ms LIMIT ?4`,
        nowMs + pulled.aheadMs,
        JSON.stringify(taken.map(({ seq }) => seq)),
        JSON.stringify(taken.flatMap(({ orderKey }) => orderKey ?? [])),
        deliveries,
      );
      const due: DueDelivery[] = [];
      let sum = 0;
      // Row by row: what does not fit is not in memory.
      for (const row of rows) {
        sum += row.body?.byteLength ?? 0;
        if (due.length > 0 && sum > bytes) break;
        due.push(toDue(row));
      }
      return due;
    },
    nextDueAtMs() {
      const atMs = first<number>(`${READY_AT} LIMIT 1`);
      return atMs === undefined ? undefined : atMs - pulled.aheadMs;
    },
    pullForward(nowMs) {
      const lastAtMs = first<number>(`${READY_AT} DESC LIMIT 1`);
      if (lastAtMs === undefined) return;
      const aheadMs = Math.max(pulled.aheadMs, lastAtMs - nowMs);
      sql.exec("UPDATE tenant SET ahead_ms = ?1, pulled_at_ms = ?2", aheadMs, nowMs);
      pulled = { aheadMs, atMs: nowMs };
    },
    record({ seq, tries, attempts, orderKey }, { state, atMs, attempt }) {
      const isEnded = state !== "due";
      // An attempt that began before the pull says nothing of the receiver that was repaired.
      const dueAtMs = atMs !== null && attempt.atMs < pulled.atMs ? Math.min(atMs, pulled.atMs) : atMs;
      keepingOrder(orderKey !== null && isEnded ? [orderKey] : [], () =>
        sql.exec(
          `UPDATE delivery SET state = ?2, at_ms = ?3, tries = ?4, attempts = ?5,
          body = CASE WHEN ?2 = 'delivered' THEN NULL ELSE body END WHERE seq = ?1`,
          seq,
          state,
          dueAtMs === null ? null : dueAtMs + pulled.aheadMs,
          tries + 1,
          JSON.stringify([...attempts, attempt].slice(-KEPT_ATTEMPTS)),
        ),
      );
    },
    list(query, limit) {
      if (readAddress() === undefined) return { items: [], nextSeq: undefined };
      const beforeSeq = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
      const source = query.ids === undefined ? SCANNED : NAMED;
      const rows = sql
        .exec<DeliveryRow>(
          `SELECT ${REPORTED} FROM (${source}) WHERE ${ASKED} ORDER BY seq DESC LIMIT ?2`,
          beforeSeq,
          limit,
          ...asked(query),
        )
        .toArray();
      const items = rows.map((row) => ({ ...toReport(row), nextAttemptAtMs: nextAttemptOf(row) }));
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
      if (dryRun || n === 0) return n;
      const select = `SELECT DISTINCT order_key FROM delivery WHERE state = 'dead' AND order_key IS NOT NULL AND ${ASKED}`;
      const keys = sql.exec<{ order_key: string }>(select, null, null, ...wanted).toArray();
      const update = `UPDATE delivery SET state = 'due', at_ms = ?1, tries = 0, waiting = (order_key IS NOT NULL)
        WHERE state = 'dead' AND ${ASKED}`;
      keepingOrder(
        keys.map(({ order_key }) => order_key),
        () => sql.exec(update, nowMs + pulled.aheadMs, null, ...wanted),
      );
      return n;
    },
    counts() {
      const due = first<number>("SELECT count(*) AS n FROM delivery WHERE state = 'due'") ?? 0;
      const dead = first<number>("SELECT count(*) AS n FROM delivery WHERE state = 'dead'") ?? 0;
      const oldest = first<number>("SELECT min(created_at_ms) AS n FROM delivery WHERE state = 'due'");
      return { due, dead, oldestDueAtMs: oldest ?? null };
    },
    forget() {
      address = undefined;
      pulled = NEVER_PULLED;
      isRead = false;
    },
  };
}
