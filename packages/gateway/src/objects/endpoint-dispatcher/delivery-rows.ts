import type { Resource } from "@ghl-edge/core";
import type {
  Attempt,
  DeliveryReport,
  DeliveryState,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import type { EventSource } from "../../domain/events/inbox-event.ts";

/** A delivery that is to be sent. */
export interface DueDelivery extends NewDelivery {
  readonly seq: number;
  readonly createdAtMs: number;
  /** Attempts since the delivery was accepted, or made due again. */
  readonly tries: number;
  readonly attempts: readonly Attempt[];
}

/** The state of a delivery after an attempt. */
export interface RecordedAttempt {
  readonly state: DeliveryState;
  /** Null when there is no further attempt. */
  readonly nextAttemptAtMs: number | null;
  readonly attempt: Attempt;
}

export interface DeliveryRow extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly resource_kind: string | null;
  readonly resource_id: string | null;
  readonly inbox: string | null;
  readonly order_key: string | null;
  readonly headers: string;
  readonly state: string;
  readonly next_attempt_at_ms: number | null;
  readonly tries: number;
  readonly attempts: string;
  readonly created_at_ms: number;
}

/** Attempts that a delivery keeps. A full retry schedule makes nine, and a replay adds to them. */
export const MAX_STORED_ATTEMPTS = 20;

export const DELIVERY_COLUMNS = `seq, id, type, source, resource_kind, resource_id, inbox, order_key, headers, state,
  next_attempt_at_ms, tries, attempts, created_at_ms`;

function resourceOf({ resource_kind, resource_id }: DeliveryRow): Resource | undefined {
  if (resource_id === null) return undefined;
  return { kind: resource_kind === "company" ? "company" : "location", id: resource_id };
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
    nextAttemptAtMs: row.next_attempt_at_ms,
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
