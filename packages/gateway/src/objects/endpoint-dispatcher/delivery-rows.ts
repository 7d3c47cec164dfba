import type {
  Attempt,
  DeliveryQuery,
  DeliveryReport,
  DeliveryState,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import type { EventSource } from "../../domain/inbox-event.ts";
import type { Resource } from "../../domain/resource.ts";

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

export interface DeliveryRow extends Record<string, SqlStorageValue> {
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
export const KEPT_ATTEMPTS = 20;
/** What one question may look at, so that a search for what is rare has an end. */
export const SCANNED_ROWS = 2_000;

export const REPORTED = `seq, id, type, source, kind, resource_id, inbox, order_key, headers, state, at_ms, tries, attempts,
  created_at_ms`;
function resourceOf({ kind, resource_id }: DeliveryRow): Resource | undefined {
  if (resource_id === null) return undefined;
  return { kind: kind === "company" ? "company" : "location", id: resource_id };
}

const attemptsOf = (row: DeliveryRow): Attempt[] => JSON.parse(row.attempts) as Attempt[];

export function toReport(row: DeliveryRow): DeliveryReport {
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

export function toDue(row: DeliveryRow & { readonly body: ArrayBuffer | null }): DueDelivery {
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
export const ASKED = `(?3 IS NULL OR state = ?3) AND (?4 IS NULL OR type = ?4)
  AND (?5 IS NULL OR (kind = ?5 AND resource_id = ?6)) AND (?7 IS NULL OR id IN (SELECT value FROM json_each(?7)))
  AND (?8 IS NULL OR created_at_ms >= ?8) AND (?9 IS NULL OR created_at_ms < ?9)`;
export const SCANNED = `SELECT * FROM delivery WHERE seq < ?1 ORDER BY seq DESC LIMIT ${SCANNED_ROWS}`;
/** By their index, so that they are found however old they are. */
export const NAMED = "SELECT * FROM delivery WHERE seq < ?1 AND id IN (SELECT value FROM json_each(?7))";

export function asked({ state, type, resource, ids, fromMs, toMs }: DeliveryQuery): readonly SqlStorageValue[] {
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
