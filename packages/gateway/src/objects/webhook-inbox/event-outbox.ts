import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../../domain/gateway-event.ts";
import type { Objects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { hasTable } from "../token-grant/grant-store.ts";

/**
 * Events that an object has to tell: written in the burst in which they happen, told afterwards, so that a crash in between
 * loses none.
 */
export interface EventOutbox {
  owe(event: GatewayEvent): void;
  isOwing(): boolean;
  /** Tells what it can; what is left stays. One round for all that ask. False: something is left. */
  tell(): Promise<boolean>;
  /** The storage was emptied. */
  forget(): void;
}

const TABLE = "CREATE TABLE IF NOT EXISTS owed_event (id TEXT PRIMARY KEY, event TEXT NOT NULL) STRICT, WITHOUT ROWID";
const AT_ONCE = 20;

export function createEventOutbox(sql: SqlStorage, objects: Objects): EventOutbox {
  let made: boolean | undefined;
  let telling: Promise<boolean> | undefined;
  // Not when the object is made: a storage that cannot be read then would end the object's alarm.
  const isMade = (): boolean => {
    made ??= hasTable(sql, "owed_event");
    return made;
  };
  const owed = (): GatewayEvent[] =>
    isMade()
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

  async function tellAll(): Promise<boolean> {
    for (;;) {
      const batch = owed();
      if (batch.length === 0) return true;
      const results = await Promise.allSettled(batch.map(tellOne));
      if (results.some(({ status }) => status === "rejected")) return false;
    }
  }

  return {
    owe(event) {
      if (!isMade()) sql.exec(TABLE);
      // A transaction that is rolled back takes the table with it: looked for again.
      if (!made) made = undefined;
      sql.exec("INSERT INTO owed_event (id, event) VALUES (?, ?)", event.uniqueId, JSON.stringify(event));
    },
    isOwing: () => owed().length > 0,
    tell() {
      telling ??= tellAll().finally(() => {
        telling = undefined;
      });
      return telling;
    },
    forget() {
      made = undefined;
    },
  };
}
