import { DurableObject } from "cloudflare:workers";
import { readDirectory } from "../../directory/read-directory.ts";
import type { EventBufferApi, HeldEvent, HoldOutcome, StateSpending } from "../../domain/contracts/event-buffer.ts";
import type { InboxTenant } from "../../domain/contracts/webhook-inbox.ts";
import type { InboxEvent } from "../../domain/inbox-event.ts";
import type { Resource } from "../../domain/resource.ts";
import { readObjects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { HeldEvents } from "../token-grant/held-events.ts";
import { spendState } from "../token-grant/spent-states.ts";
import { eraseLanded } from "../webhook-inbox/erasure.ts";

/** Until a storm is over, mostly: each inbox that is made takes time from events that wait to be acknowledged. */
const PAUSE_MS = 2_000;
/** Inboxes that are made beside each other: one machine may hold all of them. */
const AT_ONCE = 4;
/** Where an inbox could not be reached: soon, then later each time. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

const TABLE = `CREATE TABLE IF NOT EXISTS landed (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  event TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT`;

interface Row extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly tenant: string;
  readonly event: string;
  readonly body: ArrayBuffer;
}

/**
 * Where events of a storm are durable, a row each in one object, until their inboxes have them: an inbox for each of hundreds of
 * locations would have to be made before the last event is acknowledged. An event that is brought twice, by a crash or because HighLevel
 * sent it twice, is one to its inbox.
 */
export class EventBuffer extends DurableObject<Env> implements EventBufferApi {
  readonly #sql = this.ctx.storage.sql;
  readonly #objects = readObjects(this.env);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "landing",
    app: () => this.ctx.id.name,
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #held = new HeldEvents({
    sql: this.#sql,
    // Read at each use: an object that is made while the configuration is missing keeps its alarm.
    directory: () => readDirectory(this.env),
    objects: this.#objects,
  });
  #heldAlarmAtMs: number | undefined;
  /** Whether an alarm is to come that this life of the object has set. */
  #isOpen = false;

  async land(tenant: InboxTenant, { body, ...event }: InboxEvent): Promise<void> {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#sql.exec(TABLE);
      void this.ctx.storage.setAlarm(Date.now() + PAUSE_MS);
    }
    const insert = "INSERT INTO landed (tenant, event, body) VALUES (?, ?, ?)";
    this.#sql.exec(insert, JSON.stringify(tenant), JSON.stringify(event), body);
    // As an inbox: the reply may only say what is on disk.
    await this.ctx.storage.sync();
  }

  async hold(held: HeldEvent): Promise<HoldOutcome> {
    const outcome = this.#held.hold(held, Date.now());
    const nextAtMs = this.#held.nextAtMs();
    if (nextAtMs !== undefined && (this.#heldAlarmAtMs === undefined || nextAtMs < this.#heldAlarmAtMs)) {
      this.#heldAlarmAtMs = nextAtMs;
      void this.ctx.storage.setAlarm(nextAtMs);
    }
    await this.ctx.storage.sync();
    return outcome;
  }

  async spendState(spending: StateSpending): Promise<boolean> {
    const isOurs = spendState(this.#sql, spending, Date.now());
    await this.ctx.storage.sync();
    return isOurs;
  }

  async erase(resource: Resource): Promise<number> {
    const landed = eraseLanded(this.#sql, resource);
    const held = this.#held.erase(resource);
    await this.ctx.storage.sync();
    return landed + held;
  }

  override async alarm(): Promise<void> {
    // What comes from now on sets an alarm of its own: this run may fail.
    this.#isOpen = false;
    this.#heldAlarmAtMs = undefined;
    const jobs = [
      { name: "bring", run: () => this.#bringAll() },
      { name: "held", run: () => this.#held.look(Date.now()) },
    ];
    await this.#alarm.run(jobs, async (retryAtMs) => {
      const never = Number.POSITIVE_INFINITY;
      const bringAtMs = retryAtMs("bring") ?? never;
      const heldAtMs = Math.max(this.#held.nextAtMs() ?? never, retryAtMs("held") ?? 0);
      const atMs = Math.min(bringAtMs, heldAtMs);
      if (atMs === never || this.#isOpen) return;
      if (bringAtMs !== never) this.#isOpen = true;
      if (heldAtMs !== never) this.#heldAlarmAtMs = heldAtMs;
      await this.ctx.storage.setAlarm(atMs);
    });
  }

  /** False: an inbox does not have its event yet. */
  async #bringAll(): Promise<boolean> {
    this.#sql.exec(TABLE);
    let isDone = true;
    let lastSeq = 0;
    for (;;) {
      const rows = this.#sql.exec<Row>("SELECT * FROM landed WHERE seq > ? ORDER BY seq LIMIT ?", lastSeq, AT_ONCE);
      const some = rows.toArray();
      if (some.length === 0) return isDone;
      const brought = await Promise.all(some.map((row) => this.#bring(row)));
      isDone &&= brought.every(Boolean);
      lastSeq = some.at(-1)!.seq;
    }
  }

  async #bring({ seq, tenant: tenantText, event: eventText, body }: Row): Promise<boolean> {
    const tenant = JSON.parse(tenantText) as InboxTenant;
    const event = JSON.parse(eventText) as Omit<InboxEvent, "body">;
    try {
      const { stored } = await retryOnce(
        () => this.#objects.inbox(tenant.app, tenant),
        (inbox) => inbox.store(tenant, { ...event, body: new Uint8Array(body) } as InboxEvent),
      );
      logEvent("landing", { app: tenant.app, event: event.name, outcome: stored ? "stored" : "duplicate" });
      this.#sql.exec("DELETE FROM landed WHERE seq = ?", seq);
      return true;
    } catch {
      logEvent("landing", { app: tenant.app, event: event.name, outcome: "put_off" });
      return false;
    }
  }
}
