import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../domain/events/gateway-event.ts";
import type { Objects } from "../platform/env.ts";
import { retryOnce } from "../platform/retry-once.ts";
import { hasTable } from "./sql-tables.ts";

/**
 * Pending events of an object. Each is written in the synchronous transaction in which it happens and sent to its inbox
 * afterwards, so that a crash in between loses none.
 */
export interface EventOutbox {
  add(event: GatewayEvent): void;
  hasPending(): boolean;
  /** Sends the pending events; concurrent callers share one run. Resolves with false when some are still pending. */
  send(): Promise<boolean>;
  /** Drops cached facts. The object calls it after it has emptied its storage. */
  forget(): void;
}

const TABLE =
  "CREATE TABLE IF NOT EXISTS event_outbox (id TEXT PRIMARY KEY, event TEXT NOT NULL) STRICT, WITHOUT ROWID";
const BATCH_SIZE = 20;

export function createEventOutbox(sql: SqlStorage, objects: Objects): EventOutbox {
  let made: boolean | undefined;
  let sending: Promise<boolean> | undefined;
  // This is not read when the object is made: a storage that cannot be read then would end the object's alarm.
  const isMade = (): boolean => {
    made ??= hasTable(sql, "event_outbox");
    return made;
  };
  const pending = (): GatewayEvent[] =>
    isMade()
      ? sql
          .exec<{ event: string }>("SELECT event FROM event_outbox LIMIT ?", BATCH_SIZE)
          .toArray()
          .map(({ event }) => JSON.parse(event) as GatewayEvent)
      : [];

  async function sendOne(event: GatewayEvent): Promise<void> {
    const { app } = event;
    const address = gatewayEventAddress(event);
    const inboxEvent = await gatewayInboxEvent(event);
    await retryOnce(
      () => objects.inbox(app, address),
      (inbox) => inbox.store({ app, ...address }, inboxEvent),
    );
    sql.exec("DELETE FROM event_outbox WHERE id = ?", event.uniqueId);
  }

  async function sendAll(): Promise<boolean> {
    for (;;) {
      const batch = pending();
      if (batch.length === 0) return true;
      const results = await Promise.allSettled(batch.map(sendOne));
      if (results.some(({ status }) => status === "rejected")) return false;
    }
  }

  return {
    add(event) {
      if (!isMade()) sql.exec(TABLE);
      // A transaction that is rolled back takes the table with it, so the next call looks for it again.
      if (!made) made = undefined;
      sql.exec("INSERT INTO event_outbox (id, event) VALUES (?, ?)", event.uniqueId, JSON.stringify(event));
    },
    hasPending: () => pending().length > 0,
    send() {
      sending ??= sendAll().finally(() => {
        sending = undefined;
      });
      return sending;
    },
    forget() {
      made = undefined;
    },
  };
}
