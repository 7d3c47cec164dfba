import type {
  EventQuery,
  EventReplay,
  InboxTenant,
  RecordChange,
  StoredEvent,
  WebhookInboxApi,
  WholeEvent,
} from "../../domain/contracts/webhook-inbox.ts";
import { eventId, type InboxEvent, inboxName } from "../../domain/events/inbox-event.ts";
import { DEFAULT_RETENTION_MS } from "../../platform/config.ts";
import { readObjects } from "../../platform/env.ts";
import { logSuccess } from "../../platform/log-sample.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { createEventOutbox, type EventOutbox } from "../event-outbox.ts";
import { GatewayObject } from "../gateway-object.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { EventRouter } from "./event-router.ts";
import { lastFromHighLevelMs, recordsWithEvents } from "./inbox-search.ts";
import { createInboxStore, type InboxStore } from "./inbox-store.ts";

/** Time that an erasure waits for running work. Work that takes longer is stopped and writes nothing more. */
const ERASE_AFTER_MS = 2_000;
/** Shortest time in ms from one run of the retention to the next. */
const RETIRE_EVERY_MS = 86_400_000;
/** Pause after something inside has failed. It doubles with each failure. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
/**
 * Delay of the alarm for the case that the object dies while it handles an event. Events within this time share one alarm. A shorter delay would
 * write more rows: one for the alarm, and one for the alarm after it. The next event of the inbox continues at once, without the alarm.
 */
const SAFEGUARD_MS = 300_000;
/** Time after an event in which the next one is likely. It is twice the delay, so that an event every five minutes finds an alarm set. */
const ACTIVE_MS = 2 * SAFEGUARD_MS;

/** Options of a run. */
interface InboxRun {
  readonly isAlarm: boolean;
  /** Handles one job at a time, because the object died in the run before. */
  readonly oneByOne: boolean;
}

/**
 * Stores the verified events of one resource and one day, and what is still to be done for each. An event is acknowledged when its row is on
 * disk, with an alarm. Its effects follow at once, and after a crash by that alarm. A row is keyed by what makes two deliveries the same event,
 * so a redelivery changes nothing. The day in the object's name lets retention delete a whole object.
 */
export class WebhookInbox extends GatewayObject implements WebhookInboxApi {
  readonly #store: InboxStore = createInboxStore(this.ctx.storage.sql);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "inbox",
    app: () => this.#store.tenant()?.app,
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #outbox: EventOutbox = createEventOutbox(this.ctx.storage.sql, readObjects(this.env));
  #cachedRouter: EventRouter | undefined;
  /** After a failed run no other one starts before this time. Events that arrive meanwhile wait with it. */
  #pausedUntilMs = 0;
  /** Undefined when no alarm is known to be set. */
  #alarmAtMs: number | undefined;
  /** Whether this activation of the object has read the alarm that an earlier one may have set. */
  #isAlarmRead = false;
  #running: Promise<void> | undefined;
  /** The call that lists this inbox in the directory. Events do not wait for it. */
  #listing: Promise<void> | undefined;
  /** Calls of this activation that have failed one after the other. */
  #failedListings = 0;
  /** Erasures of this activation. A call that began before one changes nothing after it. */
  #erasures = 0;

  async store(tenant: InboxTenant, event: InboxEvent): Promise<{ readonly stored: boolean }> {
    await this.#readAlarm();
    const nowMs = Date.now();
    const stored = this.#store.insert(tenant, event, nowMs);
    if (stored) this.#safeguard(nowMs);
    // The reply may only report what is on disk. The output gate holds it until then, and `sync` shows this in the code.
    await this.ctx.storage.sync();
    if (stored) this.ctx.waitUntil(Promise.all([this.#run(), this.#list()]));
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
    const matched = ids === undefined ? listed : listed.filter(({ dedupeKey }) => ids.includes(eventId(dedupeKey)));
    if (!dryRun && matched.length > 0) {
      await this.#readAlarm();
      this.ctx.storage.transactionSync(() => {
        const nowMs = Date.now();
        const task = { task: endpointId, resend: true, tries: 0, failures: 0 };
        for (const { seq } of matched) this.#store.tasks.schedule({ seq, ...task }, nowMs);
      });
      this.#safeguard(Date.now());
      await this.ctx.storage.sync();
      this.ctx.waitUntil(this.#run());
    }
    return { matched: matched.length, nextSeq: listed.length < limit ? undefined : listed.at(-1)?.seq };
  }

  async recordsWithEvents(names: readonly string[], records: readonly RecordChange[]): Promise<readonly string[]> {
    const has = (dedupeKey: string): boolean => this.#store.has(dedupeKey);
    return recordsWithEvents(this.ctx.storage.sql, { names, records, has });
  }

  async lastFromHighLevelMs(): Promise<number | undefined> {
    return lastFromHighLevelMs(this.ctx.storage.sql);
  }

  async erase(): Promise<number> {
    // A listing that comes after the erasure would list an inbox without events.
    const underWay = Promise.all([this.#running, this.#listing]);
    await Promise.race([underWay, new Promise((resolve) => setTimeout(resolve, ERASE_AFTER_MS))]);
    this.#listing = undefined;
    this.#erasures++;
    const events = this.#store.count();
    this.#cachedRouter?.stop();
    this.#cachedRouter = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#store.forget();
    this.#outbox.forget();
    this.#alarmAtMs = undefined;
    this.#isAlarmRead = true;
    return events;
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#alarmAtMs = undefined;
    this.#isAlarmRead = true;
    // No alarm throws, so a repeated alarm is one during which the object died.
    await this.#run({ isAlarm: true, oneByOne: info?.isRetry ?? false });
    await this.#list();
  }

  /** Created at its first use, so that an object that wakes while the configuration is missing keeps its alarm. */
  get #router(): EventRouter {
    this.#cachedRouter ??= new EventRouter({
      store: this.#store,
      directory: this.isolate.readDirectory(this.env),
      objects: readObjects(this.env),
      transaction: (write) => this.ctx.storage.transactionSync(write),
      sync: () => this.ctx.storage.sync(),
      report: (event) => this.#outbox.add(event),
    });
    return this.#cachedRouter;
  }

  /** Concurrent callers share one run, which handles events that arrive while it runs. After a failure it waits for the pause. */
  async #run(options: InboxRun = { isAlarm: false, oneByOne: false }): Promise<void> {
    if (Date.now() < this.#pausedUntilMs) {
      void this.#wakeAt(this.#pausedUntilMs);
      return;
    }
    this.#running ??= this.#work(options).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Does what can be done now and sets the alarm for what is left. */
  #work({ isAlarm, oneByOne }: InboxRun): Promise<void> {
    const jobs = [
      { name: "route", run: () => this.#route(oneByOne) },
      // The route job sends the outbox. This job fails while something is left in it, so that it is sent again.
      { name: "outbox", run: () => !this.#outbox.hasPending() },
      // Another event would store it for nothing. The alarm comes when none has come for a while.
      { name: "mark", run: () => (isAlarm ? this.#store.storeRouted() : undefined) },
      { name: "retire", run: () => this.#retire() },
    ];
    return this.#alarm.run(jobs, (retryAtMs) => {
      const failedAtMs = retryAtMs("route") ?? retryAtMs("retire");
      this.#pausedUntilMs = failedAtMs ?? 0;
      if (failedAtMs !== undefined) {
        this.#store.forget();
        // The alarm that is set may be earlier than the end of the pause.
        this.#alarmAtMs = undefined;
      }
      if (this.#store.tenant() === undefined) return undefined;
      return this.#wakeAt(failedAtMs ?? this.#nextAtMs(retryAtMs("outbox")));
    });
  }

  async #route(oneByOne: boolean): Promise<void> {
    const tenant = this.#store.tenant();
    if (tenant === undefined) return;
    do {
      await this.#router.run(tenant, { oneByOne });
      await this.#outbox.send();
      // A report from the outbox may have come back as an event of this inbox.
    } while (this.#store.hasUnrouted());
  }

  /**
   * Lists this inbox in the directory, once. After a failure an alarm repeats it, later each time. If the object dies, the alarm that was
   * stored with the event repeats it.
   */
  async #list(): Promise<void> {
    try {
      const tenant = this.#store.tenant();
      if (tenant === undefined || this.#store.isListed()) return;
      this.#listing ??= this.#callListing(tenant);
      await this.#listing;
    } catch {
      // The storage cannot be read or written. The run of the alarm has seen this, too, and repeats.
    }
  }

  async #callListing(tenant: InboxTenant): Promise<void> {
    const before = this.#erasures;
    const isCurrent = (): boolean => this.#erasures === before;
    try {
      await retryOnce(
        () => readObjects(this.env).inboxListing(tenant.app, tenant),
        (list) => list.listInbox(tenant, Date.now()),
      );
      if (!isCurrent()) return;
      this.#store.setListed(true);
      this.#failedListings = 0;
    } catch {
      if (!isCurrent()) return;
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failedListings++);
      await this.#wakeAt(Date.now() + pauseMs);
    } finally {
      if (isCurrent()) this.#listing = undefined;
    }
  }

  /** Reads the alarm once, because setting it again would write a row for every event that wakes the object. */
  async #readAlarm(): Promise<void> {
    if (this.#isAlarmRead) return;
    const atMs = await this.ctx.storage.getAlarm();
    if (this.#isAlarmRead) return;
    this.#alarmAtMs ??= atMs ?? undefined;
    this.#isAlarmRead = true;
  }

  #safeguard(nowMs: number): void {
    void this.#wakeAt(Math.max(nowMs + SAFEGUARD_MS, this.#pausedUntilMs));
  }

  /** Sets the alarm unless an earlier one is set. */
  async #wakeAt(atMs: number): Promise<void> {
    if (this.#alarmAtMs !== undefined && this.#alarmAtMs <= atMs) return;
    this.#alarmAtMs = atMs;
    await this.ctx.storage.setAlarm(atMs);
  }

  /** `retryAtMs` is when to send the outbox again. */
  #nextAtMs(retryAtMs: number | undefined): number {
    const nowMs = Date.now();
    if (this.#store.hasUnrouted()) return nowMs;
    const newestMs = this.#store.newestReceivedAtMs() ?? nowMs;
    // More events are likely soon. One alarm now is one row less than an alarm for the retention and another one for the next event.
    const nextMs =
      newestMs > nowMs - ACTIVE_MS || !this.#store.isListed()
        ? nowMs + SAFEGUARD_MS
        : Math.max(newestMs + this.#retentionMs(), nowMs + RETIRE_EVERY_MS);
    return Math.min(this.#store.tasks.nextDueAtMs() ?? nextMs, retryAtMs ?? nextMs, nextMs);
  }

  /** An app that is not configured any more has the default retention. */
  #retentionMs(): number {
    const app = this.#store.tenant()?.app ?? "";
    return this.isolate.readConfig(this.env).apps.get(app)?.eventRetentionMs ?? DEFAULT_RETENTION_MS;
  }

  /** Deletes old events, and the whole object when nothing is left in it. */
  async #retire(): Promise<void> {
    const tenant = this.#store.tenant();
    // Events that could not be routed stay pending, however old they are.
    if (tenant === undefined || this.#store.hasUnrouted()) return;
    const { app, ...address } = tenant;
    const newestMs = this.#store.newestReceivedAtMs() ?? 0;
    const beforeMs = Date.now() - this.#retentionMs();
    if (newestMs >= beforeMs || this.#store.tasks.nextDueAtMs() !== undefined || this.#outbox.hasPending()) {
      this.#store.deleteReceivedBefore(beforeMs);
      return;
    }
    await retryOnce(
      () => readObjects(this.env).inboxListing(app, address),
      (list) => list.forgetInbox(tenant),
    );
    this.#store.setListed(false);
    // An event that arrived during the call to the directory is acknowledged and must stay.
    if (this.#store.newestReceivedAtMs() !== newestMs) {
      this.ctx.waitUntil(this.#list());
      return;
    }
    await this.ctx.storage.deleteAll();
    this.#store.forget();
    this.#outbox.forget();
    const name = inboxName(address);
    const sample = { id: name, percent: this.isolate.successPercent(this.env) };
    logSuccess("inbox", { app, outcome: "retired", event: name }, sample);
  }
}
