import type { Directory } from "../../directory/directory.ts";
import { recordState } from "../../directory/record.ts";
import type { HeldEvent, HoldOutcome } from "../../domain/contracts/event-buffer.ts";
import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";
import { type InboxEvent, resourceKey } from "../../domain/inbox-event.ts";
import type { Resource } from "../../domain/resource.ts";
import type { Objects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { reportSetAside } from "../quarantine-report.ts";

/** An INSTALL that is late comes within this time; HighLevel sends all else that is not held again for three days. */
export const HOLD_MS = 3_600_000;
/** What one resource may have waiting: more than happens in a location between its installation and the INSTALL event. */
export const MAX_HELD_PER_RESOURCE = 50;
export const MAX_HELD = 2_000;
const MAX_HELD_BYTES = 16 * 1_048_576;
/** Pauses between two looks at a resource: an INSTALL is mostly there within seconds. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000];
/** The directory is asked first; from this look on the grant itself, which may know of an installation by its company. */
const FIRST_LOOK_AT_GRANT = 1;
/** Resources in one turn. */
const AT_ONCE = 20;

const TABLES = `
CREATE TABLE IF NOT EXISTS held_resource (
  resource_key TEXT PRIMARY KEY,
  looks INTEGER NOT NULL,
  first_at_ms INTEGER NOT NULL,
  next_at_ms INTEGER NOT NULL
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
  readonly looks: number;
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
}

/**
 * The buffer of an app for events of resources at which nothing is installed: of another app's events that HighLevel signed with the
 * same key, and of those that come shortly before their INSTALL. Bounded, because an inbox object and a row of the directory for each
 * location that somebody names would not be. Once something is installed they go to their inbox; after an hour they are dropped and
 * counted.
 */
export class HeldEvents {
  readonly #options: HeldEventsOptions;
  /** Undefined: not read in this activation. */
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
      "INSERT OR IGNORE INTO held_resource (resource_key, looks, first_at_ms, next_at_ms) VALUES (?, 0, ?, ?)",
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

  /** Removes what is held of a resource; says how many events it was. */
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

  /** Undefined: nothing is held. */
  nextAtMs(): number | undefined {
    this.#read();
    const query = "SELECT min(next_at_ms) AS at_ms FROM held_resource";
    return this.#options.sql.exec<{ at_ms: number | null }>(query).one().at_ms ?? undefined;
  }

  /** Looks at every resource whose time has come. */
  async look(nowMs: number): Promise<void> {
    this.#read();
    for (;;) {
      const due = this.#options.sql
        .exec<ResourceRow>(
          "SELECT resource_key, looks, first_at_ms FROM held_resource WHERE next_at_ms <= ? ORDER BY next_at_ms LIMIT ?",
          nowMs,
          AT_ONCE,
        )
        .toArray();
      if (due.length === 0) return;
      await Promise.all(due.map((row) => this.#lookAt(row, nowMs)));
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

  async #lookAt({ resource_key: key, looks, first_at_ms: firstAtMs }: ResourceRow, nowMs: number): Promise<void> {
    const events = this.#eventsOf(key);
    let isDone = false;
    try {
      if (await this.#isInstalled(events, looks, nowMs)) {
        for (const row of events) await this.#bring(row);
        isDone = true;
      } else if (nowMs >= firstAtMs + HOLD_MS) {
        for (const row of events) await this.#drop(row, nowMs);
        isDone = true;
      }
    } catch {
      // The directory, the grant or the inbox could not be reached: at the next look.
    }
    const { sql } = this.#options;
    // An event that came meanwhile keeps the row.
    if (isDone && this.#eventsOf(key).length === 0) sql.exec("DELETE FROM held_resource WHERE resource_key = ?", key);
    else {
      const pauseMs = PAUSES_MS[Math.min(looks + 1, PAUSES_MS.length - 1)]!;
      sql.exec(
        "UPDATE held_resource SET looks = looks + 1, next_at_ms = ? WHERE resource_key = ?",
        nowMs + pauseMs,
        key,
      );
    }
  }

  async #isInstalled([first]: readonly EventRow[], looks: number, nowMs: number): Promise<boolean> {
    if (first === undefined) return false;
    const { directory, objects } = this.#options;
    const { app, resource } = JSON.parse(first.tenant) as InboxTenant;
    if (resource === undefined) return true;
    const ref = { app, resource, companyId: first.company_id ?? undefined };
    if (await directory().installations.isKnown(ref)) return true;
    if (looks < FIRST_LOOK_AT_GRANT) return false;
    const change = { actor: "event-buffer", requestId: crypto.randomUUID(), nowMs };
    await recordState({ directory: directory(), objects }, ref, change);
    return directory().installations.isKnown(ref);
  }

  async #bring(row: EventRow): Promise<void> {
    const tenant = JSON.parse(row.tenant) as InboxTenant;
    const event = { ...JSON.parse(row.event), body: new Uint8Array(row.body) } as InboxEvent;
    await retryOnce(
      () => this.#options.objects.inbox(tenant.app, tenant),
      (inbox) => inbox.store(tenant, event),
    );
    logEvent("held", { app: tenant.app, event: event.name, outcome: "stored" });
    this.#forget(row);
  }

  async #drop(row: EventRow, nowMs: number): Promise<void> {
    const { app, resource } = JSON.parse(row.tenant) as InboxTenant;
    const event = JSON.parse(row.event) as Omit<InboxEvent, "body">;
    const { directory, objects } = this.#options;
    this.#forget(row);
    logEvent("held", { app, event: event.name, outcome: "dropped" });
    await reportSetAside({ directory: directory(), objects }, { app, resource, event, reason: "not_installed", nowMs });
  }

  #forget({ seq, body }: EventRow): void {
    this.#options.sql.exec("DELETE FROM held_event WHERE seq = ?", seq);
    const total = this.#read();
    total.count--;
    total.bytes -= body.byteLength;
  }
}
