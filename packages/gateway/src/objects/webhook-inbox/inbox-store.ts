import type { EventQuery, InboxTenant, StoredEvent, WholeEvent } from "../../domain/contracts/webhook-inbox.ts";
import type { InboxEvent } from "../../domain/events/inbox-event.ts";
import { createEventKeys, type SeqRange } from "./event-keys.ts";
import {
  EVENT_COLUMNS,
  type EventRow,
  toStored,
  toWhole,
  WHOLE_EVENT_COLUMNS,
  type WholeEventRow,
} from "./event-rows.ts";
import { createEventTaskStore, type EventTaskStore } from "./event-task-store.ts";
import { createFreshEvents } from "./fresh-events.ts";
import { type InboxSummary, insertInbox, readInboxSummary } from "./inbox-summary.ts";
import { createInboxTables, hasInboxTables } from "./inbox-tables.ts";

/** The SQL of a `WebhookInbox`. Every method is synchronous, so a caller can make one transaction of several. */
export interface InboxStore {
  readonly tasks: EventTaskStore;
  /** Returns undefined while there is no event. */
  tenant(): InboxTenant | undefined;
  /** Returns false when the event was there already. The first event creates the tables. */
  insert(tenant: InboxTenant, event: InboxEvent, nowMs: number): boolean;
  /** Whether the directory lists this inbox. */
  isListed(): boolean;
  setListed(listed: boolean): void;
  /** Returns the oldest events that are not routed yet: as many as fit, and at least one. */
  unrouted(limit: number, maxBytes: number): readonly WholeEvent[];
  /**
   * Records in memory that everything for the events up to this `seq` is done or stored as a task. It is stored with the next event, which
   * costs no row. An object that wakes before that does the last events again. Call it after the transaction that stores the tasks: a
   * transaction that is rolled back must leave the events unrouted.
   */
  setRouted(seq: number): void;
  /** Writes the same to the storage, in the transaction that stores the tasks. `setRouted` follows when it is committed. */
  writeRouted(seq: number): void;
  /** Writes what `setRouted` has recorded, unless the newest event has. */
  storeRouted(): void;
  /** Whether an earlier activation of the object may have routed the event with this `seq`. */
  wasRoutedBefore(seq: number): boolean;
  hasUnrouted(): boolean;
  whole(seq: number): WholeEvent | undefined;
  find(eventId: string): WholeEvent | undefined;
  /** Whether an event with this dedupe key is stored. */
  has(dedupeKey: string): boolean;
  /** Lists events, newest first. */
  list(query: EventQuery, limit: number): readonly StoredEvent[];
  newestReceivedAtMs(): number | undefined;
  /** Returns the number of events. */
  count(): number;
  /**
   * Deletes events that are too old: oldest first, a bounded number per call, and at most hourly while few are old. The newest event stays,
   * so that SQLite does not assign its `seq` again.
   */
  deleteReceivedBefore(atMs: number): void;
  /** Drops what is cached. The object calls it after its storage was emptied or a transaction was rolled back. */
  forget(): void;
}

const WHOLE = `SELECT ${WHOLE_EVENT_COLUMNS} FROM event`;
const INSERT = `INSERT INTO event
  (seq, dedupe_key, name, type, webhook_id, event_at_ms, received_at_ms, quarantined, source, signature, lifecycle, keys, routed_seq,
    body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const LIST = `SELECT ${EVENT_COLUMNS} FROM event WHERE seq < ?1
  AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR received_at_ms >= ?3) AND (?4 IS NULL OR received_at_ms < ?4)
  AND (?5 IS NULL OR quarantined = ?5)
ORDER BY seq DESC LIMIT ?6`;
/** This reads no bodies, because an object has 128 MB of memory. */
const LENGTHS = "SELECT seq, length(body) AS bytes FROM event WHERE seq > ? ORDER BY seq LIMIT ?";
const DELETE_EVERY_MS = 3_600_000;
/** This selects by key, so that the rows it reads do not grow with the table. */
const DELETE_OLDEST = `DELETE FROM event WHERE received_at_ms < ?1
  AND seq IN (SELECT seq FROM event ORDER BY seq LIMIT 1000) AND seq < (SELECT max(seq) FROM event)`;

export function createInboxStore(sql: SqlStorage): InboxStore {
  let summary: InboxSummary | undefined;
  let isRead = false;
  const keys = createEventKeys(sql);
  const fresh = createFreshEvents();

  /** Returns undefined while there is no event. */
  function current(): InboxSummary | undefined {
    if (isRead) return summary;
    summary = hasInboxTables(sql) ? readInboxSummary(sql) : undefined;
    // This comes last: an inbox that could not be read must not be treated as empty.
    isRead = true;
    return summary;
  }

  function create(tenant: InboxTenant): InboxSummary {
    createInboxTables(sql);
    summary = insertInbox(sql, tenant);
    return summary;
  }

  const whole = (where: string, ...bindings: SqlStorageValue[]): WholeEvent[] =>
    current() === undefined
      ? []
      : sql
          .exec<WholeEventRow>(`${WHOLE} ${where}`, ...bindings)
          .toArray()
          .map(toWhole);

  /** Returns the `seq` of the last unrouted event that fits. The first one always does. */
  function lastThatFits({ routedSeq, lastSeq }: InboxSummary, limit: number, maxBytes: number): number {
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

  const rangeOf = ({ firstSeq, lastSeq }: InboxSummary): SeqRange | undefined =>
    firstSeq === undefined ? undefined : { firstSeq, lastSeq };

  const tasks = createEventTaskStore(sql, () => current() !== undefined);

  return {
    tasks,
    tenant: () => current()?.tenant,
    insert(tenant, event, nowMs) {
      const inbox = current() ?? create(tenant);
      if (keys.find(event.dedupeKey, rangeOf(inbox)) !== undefined) return false;
      const seq = inbox.lastSeq + 1;
      sql.exec(
        INSERT,
        seq,
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
        keys.columnOf(seq, event.dedupeKey),
        inbox.routedSeq,
        event.body,
      );
      keys.add(seq, event.dedupeKey);
      fresh.add({ ...event, seq, receivedAtMs: nowMs, bodyBytes: event.body.byteLength });
      inbox.storedRoutedSeq = inbox.routedSeq;
      inbox.firstSeq ??= seq;
      inbox.lastSeq = seq;
      inbox.newestReceivedAtMs = nowMs;
      inbox.oldestReceivedAtMs ??= nowMs;
      return true;
    },
    isListed: () => current()?.listed ?? false,
    setListed(listed) {
      sql.exec("UPDATE inbox SET listed = ?", listed ? 1 : 0);
      current()!.listed = listed;
    },
    unrouted(limit, maxBytes) {
      const inbox = current();
      if (inbox === undefined || inbox.lastSeq <= inbox.routedSeq) return [];
      const inMemory = fresh.from(inbox.routedSeq + 1, limit, maxBytes);
      if (inMemory.length > 0) return inMemory;
      const lastSeq = lastThatFits(inbox, limit, maxBytes);
      return whole("WHERE seq > ? AND seq <= ? ORDER BY seq", inbox.routedSeq, lastSeq);
    },
    setRouted(seq) {
      fresh.dropUpTo(seq);
      current()!.routedSeq = seq;
    },
    writeRouted(seq) {
      sql.exec("UPDATE inbox SET routed_seq = ?", seq);
    },
    storeRouted() {
      const inbox = current();
      if (inbox === undefined || inbox.storedRoutedSeq === inbox.routedSeq) return;
      this.writeRouted(inbox.routedSeq);
      inbox.storedRoutedSeq = inbox.routedSeq;
    },
    wasRoutedBefore: (seq) => seq <= (current()?.lastSeqAtWake ?? 0),
    hasUnrouted() {
      const inbox = current();
      return inbox !== undefined && inbox.lastSeq > inbox.routedSeq;
    },
    whole: (seq) => whole("WHERE seq = ?", seq)[0],
    find(eventId) {
      const prefix = eventId.replace(/^evt_/, "");
      const inbox = current();
      if (inbox === undefined || !/^[0-9a-f]{32}$/.test(prefix)) return undefined;
      const seq = keys.find(prefix, rangeOf(inbox));
      return seq === undefined ? undefined : whole("WHERE seq = ?", seq)[0];
    },
    has(dedupeKey) {
      const inbox = current();
      return inbox !== undefined && keys.find(dedupeKey, rangeOf(inbox)) !== undefined;
    },
    list({ beforeSeq, names, fromMs, toMs, quarantined }, limit) {
      if (current() === undefined) return [];
      return sql
        .exec<EventRow>(
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
    newestReceivedAtMs: () => current()?.newestReceivedAtMs,
    count: () => (current() === undefined ? 0 : sql.exec<{ n: number }>("SELECT count(*) AS n FROM event").one().n),
    deleteReceivedBefore(atMs) {
      const inbox = current();
      // An event that became too old less than an hour ago waits, so that ageing events cause one run per hour.
      if (inbox?.oldestReceivedAtMs === undefined || inbox.oldestReceivedAtMs >= atMs - DELETE_EVERY_MS) return;
      this.storeRouted();
      sql.exec(DELETE_OLDEST, atMs);
      tasks.removeOrphans();
      isRead = false;
    },
    forget() {
      summary = undefined;
      isRead = false;
      keys.forget();
      fresh.clear();
      tasks.forget();
    },
  };
}
