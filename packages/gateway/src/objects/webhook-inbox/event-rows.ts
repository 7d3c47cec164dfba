import type { StoredEvent, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { EventSource, LifecycleEvent } from "../../domain/events/inbox-event.ts";

export interface EventRow extends Record<string, SqlStorageValue> {
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

export type WholeEventRow = EventRow & { readonly lifecycle: string | null; readonly body: ArrayBuffer };

export const EVENT_COLUMNS = `seq, dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature,
  length(body) AS body_bytes`;
export const WHOLE_EVENT_COLUMNS = `${EVENT_COLUMNS}, lifecycle, body`;

export function toStored(row: EventRow): StoredEvent {
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

export function toWhole(row: WholeEventRow): WholeEvent {
  const lifecycle = row.lifecycle === null ? undefined : (JSON.parse(row.lifecycle) as LifecycleEvent);
  return { ...toStored(row), lifecycle, body: new Uint8Array(row.body) };
}
