import type { Resource } from "@ghl-edge/core";
import type { Directory } from "../../directory/directory.ts";
import { recordState } from "../../directory/record.ts";
import type { HeldEvent, HoldOutcome } from "../../domain/contracts/event-buffer.ts";
import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";
import { eventId, type InboxEvent, resourceKey } from "../../domain/events/inbox-event.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { logSuccess } from "../../platform/log-sample.ts";
import type { Recent } from "../../platform/recent.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { reportDropped } from "../undelivered-report.ts";

/** Time for which an event is held. A late INSTALL arrives within it; events that are refused are sent again for three days. */
export const HOLD_MS = 3_600_000;
/** Limit for one resource. Fewer events happen in a location between its installation and the INSTALL event. */
export const MAX_HELD_PER_RESOURCE = 50;
export const MAX_HELD = 2_000;
const MAX_HELD_BYTES = 16 * 1_048_576;
/** Pauses between checks of a resource. An INSTALL usually arrives within seconds. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000];
/** The first checks read the directory. From this check on the grant is read too, which may know of an installation by its company. */
const FIRST_CHECK_OF_GRANT = 1;
/** Resources that are checked at the same time. */
const BATCH_SIZE = 20;

const TABLES = `
CREATE TABLE IF NOT EXISTS held_resource (
  resource_key TEXT PRIMARY KEY,
  checks INTEGER NOT NULL,
  first_at_ms INTEGER NOT NULL,
  next_check_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held_event (
  seq INTEGER PRIMARY KEY,
  resource_key TEXT NOT NULL,
  dedupe_key TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  company_id TEXT,
  event TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS held_event_of_resource ON held_event (resource_key, seq);`;

interface ResourceRow extends Record<string, SqlStorageValue> {
  readonly resource_key: string;
  readonly checks: number;
  readonly first_at_ms: number;
}

interface EventRow extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly tenant: string;
  readonly company_id: string | null;
  readonly event: string;
  readonly body: ArrayBuffer;
}

export interface HeldEventsOptions {
  readonly sql: SqlStorage;
  readonly directory: () => Directory;
  readonly objects: Objects;
  /** Reports of dropped events that an inbox has. */
  readonly undeliveredReports: Recent<true>;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: () => number;
}

/**
 * Holds events of resources at which nothing is installed: events of other apps that HighLevel signed with the same key, and events that arrive
 * shortly before their INSTALL. There is one buffer per app and it is bounded. An inbox object and a row of the directory for each location
 * that a sender names would not be. When something is installed, the events go to their inbox. After an hour they are dropped and counted.
 */
export class HeldEvents {
  readonly #options: HeldEventsOptions;
  /** Undefined before it was read in this activation. */
  #total: { count: number; bytes: number } | undefined;

  constructor(options: HeldEventsOptions) {
    this.#options = options;
  }

  hold({ tenant, companyId, event: { body, ...event } }: HeldEvent, nowMs: number): HoldOutcome {
    const { sql } = this.#options;
    const total = this.#read();
    const key = resourceKey(tenant.resource);
    if (sql.exec("SELECT 1 FROM held_event WHERE dedupe_key = ?", event.dedupeKey).toArray().length > 0)
      return "duplicate";
    const { waiting } = sql
      .exec<{ waiting: number }>("SELECT count(*) AS waiting FROM held_event WHERE resource_key = ?", key)
      .one();
    const isFull = total.count >= MAX_HELD || total.bytes + body.byteLength > MAX_HELD_BYTES;
    if (isFull || waiting >= MAX_HELD_PER_RESOURCE) return "full";
    sql.exec(
      "INSERT OR IGNORE INTO held_resource (resource_key, checks, first_at_ms, next_check_at_ms) VALUES (?, 0, ?, ?)",
      key,
      nowMs,
      nowMs + PAUSES_MS[0]!,
    );
    sql.exec(
      "INSERT INTO held_event (resource_key, dedupe_key, tenant, company_id, event, body) VALUES (?, ?, ?, ?, ?, ?)",
      key,
      event.dedupeKey,
      JSON.stringify(tenant),
      companyId ?? null,
      JSON.stringify(event),
      body,
    );
    total.count++;
    total.bytes += body.byteLength;
    return "held";
  }

  /** Removes the held events of a resource and returns how many there were. */
  erase(resource: Resource): number {
    const { sql } = this.#options;
    this.#read();
    const key = resourceKey(resource);
    const events = this.#eventsOf(key).length;
    sql.exec("DELETE FROM held_event WHERE resource_key = ?", key);
    sql.exec("DELETE FROM held_resource WHERE resource_key = ?", key);
    this.#total = undefined;
    return events;
  }

  /** Returns the time of the next check; undefined when nothing is held. */
  nextAtMs(): number | undefined {
    this.#read();
    const query = "SELECT min(next_check_at_ms) AS at_ms FROM held_resource";
    return this.#options.sql.exec<{ at_ms: number | null }>(query).one().at_ms ?? undefined;
  }

  /** Checks every resource whose time has come. */
  async checkDue(nowMs: number): Promise<void> {
    this.#read();
    for (;;) {
      const due = this.#options.sql
        .exec<ResourceRow>(
          "SELECT resource_key, checks, first_at_ms FROM held_resource WHERE next_check_at_ms <= ? ORDER BY next_check_at_ms LIMIT ?",
          nowMs,
          BATCH_SIZE,
        )
        .toArray();
      if (due.length === 0) return;
      await Promise.all(due.map((row) => this.#check(row, nowMs)));
    }
  }

  #read(): { count: number; bytes: number } {
    if (this.#total !== undefined) return this.#total;
    const { sql } = this.#options;
    sql.exec(TABLES);
    const query = "SELECT count(*) AS count, coalesce(sum(length(body)), 0) AS bytes FROM held_event";
    this.#total = sql.exec<{ count: number; bytes: number }>(query).one();
    return this.#total;
  }

  #eventsOf(key: string): EventRow[] {
    const query = "SELECT seq, tenant, company_id, event, body FROM held_event WHERE resource_key = ? ORDER BY seq";
    return this.#options.sql.exec<EventRow>(query, key).toArray();
  }

  async #check({ resource_key: key, checks, first_at_ms: firstAtMs }: ResourceRow, nowMs: number): Promise<void> {
    const events = this.#eventsOf(key);
    let isDone = false;
    try {
      if (await this.#isInstalled(events, checks, nowMs)) {
        for (const row of events) await this.#forward(row);
        isDone = true;
      } else if (nowMs >= firstAtMs + HOLD_MS) {
        for (const row of events) await this.#drop(row, nowMs);
        isDone = true;
      }
    } catch {
      // The directory, the grant or the inbox could not be reached. The next check tries again.
    }
    const { sql } = this.#options;
    // An event that arrived meanwhile keeps the row.
    if (isDone && this.#eventsOf(key).length === 0) sql.exec("DELETE FROM held_resource WHERE resource_key = ?", key);
    else {
      const pauseMs = PAUSES_MS[Math.min(checks + 1, PAUSES_MS.length - 1)]!;
      sql.exec(
        "UPDATE held_resource SET checks = checks + 1, next_check_at_ms = ? WHERE resource_key = ?",
        nowMs + pauseMs,
        key,
      );
    }
  }

  async #isInstalled([first]: readonly EventRow[], checks: number, nowMs: number): Promise<boolean> {
    if (first === undefined) return false;
    const { directory, objects } = this.#options;
    const { app, resource } = JSON.parse(first.tenant) as InboxTenant;
    if (resource === undefined) return true;
    const ref = { app, resource, companyId: first.company_id ?? undefined };
    if (await directory().installations.isKnown(ref)) return true;
    if (checks < FIRST_CHECK_OF_GRANT) return false;
    const change = { actor: "event-buffer", requestId: crypto.randomUUID(), nowMs };
    await recordState({ directory: directory(), objects }, ref, change);
    return directory().installations.isKnown(ref);
  }

  async #forward(row: EventRow): Promise<void> {
    const tenant = JSON.parse(row.tenant) as InboxTenant;
    const event = { ...JSON.parse(row.event), body: new Uint8Array(row.body) } as InboxEvent;
    await retryOnce(
      () => this.#options.objects.inbox(tenant.app, tenant),
      (inbox) => inbox.store(tenant, event),
    );
    const id = eventId(event.dedupeKey);
    const logged = { app: tenant.app, event: event.name, eventId: id, outcome: "stored" };
    logSuccess("held", logged, { id, percent: this.#options.successPercent() });
    this.#forget(row);
  }

  async #drop(row: EventRow, nowMs: number): Promise<void> {
    const { app, resource } = JSON.parse(row.tenant) as InboxTenant;
    const event = JSON.parse(row.event) as Omit<InboxEvent, "body">;
    const { directory, objects, undeliveredReports } = this.#options;
    this.#forget(row);
    logEvent("held", { app, event: event.name, eventId: eventId(event.dedupeKey), outcome: "dropped" });
    if (resource === undefined) return;
    await reportDropped(
      { directory: directory(), objects, undeliveredReports },
      { app, resource, event, reason: "not_installed", nowMs },
    );
  }

  #forget({ seq, event, body }: EventRow): void {
    const total = this.#read();
    // After an erasure this event is gone, and another one may have its `seq`.
    const query = "DELETE FROM held_event WHERE seq = ? AND event = ? RETURNING seq";
    if (this.#options.sql.exec(query, seq, event).toArray().length === 0) return;
    total.count--;
    total.bytes -= body.byteLength;
  }
}
