import type { DeliveryQuery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { DELIVERY_COLUMNS, type DeliveryRow } from "./delivery-rows.ts";

/** Rows that one query may read, so that a search for something rare ends. */
const MAX_ROWS_SCANNED = 2_000;

/** Matches the fields of a query, which are the parameters `?3` to `?9`. */
export const MATCHES_QUERY = `(?3 IS NULL OR state = ?3) AND (?4 IS NULL OR type = ?4)
  AND (?5 IS NULL OR (resource_kind = ?5 AND resource_id = ?6)) AND (?7 IS NULL OR id IN (SELECT value FROM json_each(?7)))
  AND (?8 IS NULL OR created_at_ms >= ?8) AND (?9 IS NULL OR created_at_ms < ?9)`;
const SCANNED = `SELECT * FROM delivery WHERE seq < ?1 ORDER BY seq DESC LIMIT ${MAX_ROWS_SCANNED}`;
/** The index of ids finds these deliveries, however old they are. */
const BY_ID = "SELECT * FROM delivery WHERE seq < ?1 AND id IN (SELECT value FROM json_each(?7))";

/** The parameters `?3` to `?9` of `MATCHES_QUERY`. */
export function queryParameters({ state, type, resource, ids, fromMs, toMs }: DeliveryQuery): SqlStorageValue[] {
  return [
    state ?? null,
    type ?? null,
    resource?.kind ?? null,
    resource?.id ?? null,
    ids === undefined ? null : JSON.stringify(ids),
    fromMs ?? null,
    toMs ?? null,
  ];
}

export interface DeliveryRows {
  readonly rows: readonly DeliveryRow[];
  /** The next page has the rows before this `seq`; undefined after the last page. */
  readonly nextSeq: number | undefined;
}

/** Reads one page of the deliveries that match a query, newest first. */
export function searchDeliveries(sql: SqlStorage, query: DeliveryQuery, limit: number): DeliveryRows {
  const beforeSeq = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  const source = query.ids === undefined ? SCANNED : BY_ID;
  const select = `SELECT ${DELIVERY_COLUMNS} FROM (${source}) WHERE ${MATCHES_QUERY} ORDER BY seq DESC LIMIT ?2`;
  const rows = sql.exec<DeliveryRow>(select, beforeSeq, limit, ...queryParameters(query)).toArray();
  if (rows.length === limit) return { rows, nextSeq: rows.at(-1)?.seq };
  if (query.ids !== undefined) return { rows, nextSeq: undefined };
  const count = `SELECT count(*) AS n, min(seq) AS last FROM (${SCANNED})`;
  const { n, last } = sql.exec<{ n: number; last: number }>(count, beforeSeq).one();
  return { rows, nextSeq: n < MAX_ROWS_SCANNED ? undefined : last };
}
