import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../domain/gateway-event.ts";
import type { Objects } from "../env.ts";
import { hasTable } from "./grant-store.ts";
import { retryOnce } from "./retry-once.ts";

/**
 * Events that an object has to tell: written in the burst in which they happen, told afterwards, so that a crash in between
 * loses none.
 */
export interface EventOutbox {
  owe(event: GatewayEvent): void;
  isOwing(): boolean;
  /** Tells what it can; what is left stays. One round for all that ask. */
  tell(): Promise<void>;
  /** The storage was emptied. */
  emptied(): void;
}

const TABLE = "CREATE TABLE IF NOT EXISTS owed_event (id TEXT PRIMARY KEY, event TEXT NOT NULL) STRICT, WITHOUT ROWID";
const AT_ONCE = 20;

export function createEventOutbox(sql: SqlStorage, objects: Objects): EventOutbox {
  let made = hasTable(sql, "owed_event");
  let telling: Promise<void> | undefined;
  const owed = (): GatewayEvent[] =>
    made
      ? sql
          .exec<{ event: string }>("SELECT event FROM owed_event LIMIT ?", AT_ONCE)
          .toArray()
          .map(({ event }) => JSON.parse(event) as GatewayEvent)
      : [];

  async function tellOne(event: GatewayEvent): Promise<void> {
    const { app } = event;
    const address = gatewayEventAddress(event);
    const told = await gatewayInboxEvent(event);
    await retryOnce(
      () => objects.inbox(app, address),
      (inbox) => inbox.store({ app, ...address }, told),
    );
    sql.exec("DELETE FROM owed_event WHERE id = ?", event.uniqueId);
  }

  async function tellAll(): Promise<void> {
    for (;;) {
      const batch = owed();
      const results = await Promise.allSettled(batch.map(tellOne));
      if (batch.length === 0 || results.some(({ status }) => status === "rejected")) return;
    }
  }

  return {
    owe(event) {
      if (!made) sql.exec(TABLE);
      made = true;
      sql.exec("INSERT INTO owed_event VALUES (?, ?)", event.uniqueId, JSON.stringify(event));
    },
    isOwing: () => owed().length > 0,
    tell() {
      telling ??= tellAll().finally(() => {
        telling = undefined;
      });
      return telling;
    },
    emptied() {
      made = false;
    },
  };
}
