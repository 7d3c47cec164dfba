import type { Resource } from "@ghl-edge/core";
import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";
import { eventId, type InboxEvent } from "../../domain/events/inbox-event.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { logSuccess } from "../../platform/log-sample.ts";
import { retryOnce } from "../../platform/retry-once.ts";

/** Events that are forwarded at the same time. Each may create an inbox, and one machine may host all of them. */
const CONCURRENT_FORWARDS = 4;

const TABLE = `CREATE TABLE IF NOT EXISTS buffered_event (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  event TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT`;

const OF_RESOURCE = "json_extract(tenant, '$.resource.kind') = ? AND json_extract(tenant, '$.resource.id') = ?";

interface Row extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly tenant: string;
  readonly event: string;
  readonly body: ArrayBuffer;
}

export interface BufferedEventsOptions {
  readonly sql: SqlStorage;
  readonly objects: Objects;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: () => number;
}

/** Acknowledged events of an app, one row each, until their inboxes have them. */
export class BufferedEvents {
  readonly #sql: SqlStorage;
  readonly #objects: Objects;
  readonly #successPercent: () => number;

  constructor({ sql, objects, successPercent }: BufferedEventsOptions) {
    this.#sql = sql;
    this.#objects = objects;
    this.#successPercent = successPercent;
  }

  createTable(): void {
    this.#sql.exec(TABLE);
  }

  insert(tenant: InboxTenant, { body, ...event }: InboxEvent): void {
    const query = "INSERT INTO buffered_event (tenant, event, body) VALUES (?, ?, ?)";
    this.#sql.exec(query, JSON.stringify(tenant), JSON.stringify(event), body);
  }

  /** Removes the events of a resource and returns how many there were. */
  erase({ kind, id }: Resource): number {
    this.createTable();
    const count = `SELECT count(*) AS n FROM buffered_event WHERE ${OF_RESOURCE}`;
    const erased = this.#sql.exec<{ n: number }>(count, kind, id).one().n;
    this.#sql.exec(`DELETE FROM buffered_event WHERE ${OF_RESOURCE}`, kind, id);
    return erased;
  }

  /** Forwards every event to its inbox. Resolves with false when an inbox could not be reached; its events stay here. */
  async forwardAll(): Promise<boolean> {
    this.createTable();
    let isDone = true;
    let lastSeq = 0;
    for (;;) {
      const query = "SELECT * FROM buffered_event WHERE seq > ? ORDER BY seq LIMIT ?";
      const rows = this.#sql.exec<Row>(query, lastSeq, CONCURRENT_FORWARDS).toArray();
      if (rows.length === 0) return isDone;
      const forwarded = await Promise.all(rows.map((row) => this.#forward(row)));
      isDone &&= forwarded.every(Boolean);
      lastSeq = rows.at(-1)!.seq;
    }
  }

  async #forward({ seq, tenant: tenantText, event: eventText, body }: Row): Promise<boolean> {
    const tenant = JSON.parse(tenantText) as InboxTenant;
    const event = JSON.parse(eventText) as Omit<InboxEvent, "body">;
    try {
      const { stored } = await retryOnce(
        () => this.#objects.inbox(tenant.app, tenant),
        (inbox) => inbox.store(tenant, { ...event, body: new Uint8Array(body) } as InboxEvent),
      );
      const id = eventId(event.dedupeKey);
      const logged = { app: tenant.app, event: event.name, eventId: id, outcome: stored ? "stored" : "duplicate" };
      logSuccess("event_buffer", logged, { id, percent: this.#successPercent() });
      // After an erasure another event may have this `seq`.
      this.#sql.exec("DELETE FROM buffered_event WHERE seq = ? AND event = ?", seq, eventText);
      return true;
    } catch {
      logEvent("event_buffer", { app: tenant.app, event: event.name, outcome: "put_off" });
      return false;
    }
  }
}
