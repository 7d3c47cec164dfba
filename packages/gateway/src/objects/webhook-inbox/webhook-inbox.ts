import { DurableObject } from "cloudflare:workers";
import { readDirectory } from "../../directory/read-directory.ts";
import type {
  EventQuery,
  EventReplay,
  InboxTenant,
  RecordChange,
  StoredEvent,
  WebhookInboxApi,
  WholeEvent,
} from "../../domain/contracts/webhook-inbox.ts";
import { eventId, type InboxEvent, inboxName } from "../../domain/inbox-event.ts";
import { DEFAULT_RETENTION_MS } from "../../platform/config.ts";
import { readConfig, readObjects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { createEventOutbox, type EventOutbox } from "../event-outbox.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { EventRouter } from "./event-router.ts";
import { lastFromHighLevelMs, recordsWithEvents } from "./inbox-search.ts";
import { createInboxStore, type InboxStore } from "./inbox-store.ts";

/** For an app that says nothing else: as long as HighLevel's own log of deliveries goes back (its logs dashboard, read 2026-08-30). */
export const RETENTION_MS = DEFAULT_RETENTION_MS;
/** How long an erasure waits for what is under way. What it then still writes fails, as its tables are gone. */
const ERASE_AFTER_MS = 2_000;
/** An inbox that events still come to is looked at this often. */
const LOOK_AGAIN_MS = 86_400_000;
/** Where something inside has failed: later each time. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
/** The alarm of an event whose effects are under way, for the case that the object dies with them; events of so long share it. */
const SAFEGUARD_MS = 5_000;

/**
 * Verified events of one resource and one day, and what is still to be done for each. An event is acknowledged when its row is
 * on disk, with an alarm; all that it asks for happens afterwards, at once and again by that alarm after a crash. A row is keyed by
 * what makes two deliveries the same event, so a redelivery changes nothing; the day in the object's name lets retention drop a
 * whole object.
 */
export class WebhookInbox extends DurableObject<Env> implements WebhookInboxApi {
  readonly #store: InboxStore = createInboxStore(this.ctx.storage.sql);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "inbox",
    app: () => this.#store.tenant()?.app,
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #outbox: EventOutbox = createEventOutbox(this.ctx.storage.sql, readObjects(this.env));
  #made: EventRouter | undefined;
  /** After a run that has failed: events that come meanwhile wait with it. */
  #pausedUntilMs = 0;
  /** Undefined: none that this life of the object has set. */
  #alarmAtMs: number | undefined;
  #running: Promise<void> | undefined;

  async store(tenant: InboxTenant, event: InboxEvent): Promise<{ readonly stored: boolean }> {
    const nowMs = Date.now();
    const stored = this.#store.insert(tenant, event, nowMs);
    if (stored) this.#safeguard(nowMs);
    // The reply may only say what is on disk; the output gate holds it until then, and sync says so in the code.
    await this.ctx.storage.sync();
    if (stored) this.ctx.waitUntil(this.#run());
    return { stored };
  }

  async events(query: EventQuery, limit: number): Promise<readonly StoredEvent[]> {
    return this.#store.list(query, limit);
  }

  async event(id: string): Promise<WholeEvent | undefined> {
    return this.#store.find(id);
  }

  async replay(endpointId: string, { ids, dryRun, limit, ...query }: EventReplay) {
    const listed = this.#store.list(query, limit);
    const wanted = ids === undefined ? listed : listed.filter(({ dedupeKey }) => ids.includes(eventId(dedupeKey)));
    if (!dryRun && wanted.length > 0) {
      this.ctx.storage.transactionSync(() => {
        const nowMs = Date.now();
        for (const { seq } of wanted)
          this.#store.owe({ seq, task: endpointId, again: true, tries: 0, failures: 0 }, nowMs);
      });
      this.#safeguard(Date.now());
      await this.ctx.storage.sync();
      this.ctx.waitUntil(this.#run());
    }
    return { matched: wanted.length, nextSeq: listed.length < limit ? undefined : listed.at(-1)?.seq };
  }

  async recordsWithEvents(names: readonly string[], records: readonly RecordChange[]): Promise<readonly string[]> {
    return recordsWithEvents(this.ctx.storage.sql, names, records);
  }

  async lastFromHighLevelMs(): Promise<number | undefined> {
    return lastFromHighLevelMs(this.ctx.storage.sql);
  }

  async erase(): Promise<number> {
    await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, ERASE_AFTER_MS))]);
    const events = this.#store.count();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#store.forget();
    this.#outbox.forget();
    this.#alarmAtMs = undefined;
    return events;
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#alarmAtMs = undefined;
    // No alarm throws, so that one that is repeated is one that died.
    await this.#run(info?.isRetry ?? false);
  }

  /** Made at its first use: an object that wakes while the configuration is missing keeps its alarm. */
  get #router(): EventRouter {
    this.#made ??= new EventRouter({
      store: this.#store,
      directory: readDirectory(this.env),
      objects: readObjects(this.env),
      transaction: (burst) => this.ctx.storage.transactionSync(burst),
      sync: () => this.ctx.storage.sync(),
      report: (event) => this.#outbox.add(event),
    });
    return this.#made;
  }

  /** One run for all that ask: it sees what comes while it runs. After a failure, none before its pause is over. */
  async #run(careful = false): Promise<void> {
    if (Date.now() < this.#pausedUntilMs) {
      void this.#wakeAt(this.#pausedUntilMs);
      return;
    }
    this.#running ??= this.#work(careful).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Does what can be done now, and sees to it that the object wakes for what is left. */
  #work(careful: boolean): Promise<void> {
    const jobs = [
      { name: "route", run: () => this.#route(careful) },
      { name: "report", run: () => !this.#outbox.hasPending() },
      // False: the directory could not be told of this inbox.
      { name: "list", run: () => this.#store.tenant() === undefined || this.#store.isListed() },
      { name: "retire", run: () => this.#retire() },
    ];
    return this.#alarm.run(jobs, (retryAtMs) => {
      const failedAtMs = retryAtMs("route") ?? retryAtMs("retire");
      this.#pausedUntilMs = failedAtMs ?? 0;
      if (failedAtMs !== undefined) {
        this.#store.forget();
        // The one that is set may be sooner than the end of the pause.
        this.#alarmAtMs = undefined;
      }
      if (this.#store.tenant() === undefined) return undefined;
      return this.#wakeAt(failedAtMs ?? this.#nextAtMs(retryAtMs("list") ?? retryAtMs("report")));
    });
  }

  async #route(careful: boolean): Promise<void> {
    const tenant = this.#store.tenant();
    if (tenant === undefined) return;
    do {
      await this.#router.run(tenant, { careful });
      await this.#outbox.send();
      // What was reported may have come back as an event of this very inbox.
    } while (this.#store.hasUnrouted());
  }

  #safeguard(nowMs: number): void {
    void this.#wakeAt(Math.max(nowMs + SAFEGUARD_MS, this.#pausedUntilMs));
  }

  /** No later than then. */
  async #wakeAt(atMs: number): Promise<void> {
    if (this.#alarmAtMs !== undefined && this.#alarmAtMs <= atMs) return;
    this.#alarmAtMs = atMs;
    await this.ctx.storage.setAlarm(atMs);
  }

  /** `listAtMs`: when to tell the directory of this inbox again, or to report what was put aside. */
  #nextAtMs(listAtMs: number | undefined): number {
    const nowMs = Date.now();
    if (this.#store.hasUnrouted()) return nowMs;
    const newestMs = this.#store.newestReceivedAtMs() ?? nowMs;
    const retireAtMs = Math.max(newestMs + this.#retentionMs(), nowMs + LOOK_AGAIN_MS);
    return Math.min(this.#store.nextDueAtMs() ?? retireAtMs, listAtMs ?? retireAtMs, retireAtMs);
  }

  /** Of an app that is not configured any more: as if it said nothing. */
  #retentionMs(): number {
    const app = this.#store.tenant()?.app ?? "";
    return readConfig(this.env).apps.get(app)?.eventRetentionMs ?? RETENTION_MS;
  }

  /** Where nothing is left, the object goes. */
  async #retire(): Promise<void> {
    const tenant = this.#store.tenant();
    // What could not be routed is still owed, however old it is.
    if (tenant === undefined || this.#store.hasUnrouted()) return;
    const { app, ...address } = tenant;
    const newestMs = this.#store.newestReceivedAtMs() ?? 0;
    const beforeMs = Date.now() - this.#retentionMs();
    if (newestMs >= beforeMs || this.#store.nextDueAtMs() !== undefined || this.#outbox.hasPending()) {
      this.#store.dropReceivedBefore(beforeMs);
      return;
    }
    await readDirectory(this.env).inboxes.forget(app, address);
    this.#store.setListed(false);
    // One that came while the directory was told is acknowledged.
    if (this.#store.newestReceivedAtMs() !== newestMs) return;
    await this.ctx.storage.deleteAll();
    this.#store.forget();
    this.#outbox.forget();
    logEvent("inbox", { app, outcome: "retired", event: inboxName(address) });
  }
}
