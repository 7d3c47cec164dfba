import type { Resource } from "@ghl-edge/core";
import type {
  DeliveryPage,
  DeliveryQuery,
  DispatcherAddress,
  DispatcherStatus,
  EndpointDispatcherApi,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import { type BacklogBounds, DEFAULT_MAX_WAITING, MAX_WAITING_BYTES } from "../../domain/delivery/backlog.ts";
import { CLOSED } from "../../domain/delivery/breaker.ts";
import { MAX_SHARDS } from "../../domain/delivery/shard-growth.ts";
import { SealBrokenError } from "../../domain/grants/seal.ts";
import { DEFAULT_RETENTION_MS } from "../../platform/config.ts";
import { readDestinationBindings, readObjects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { createEventOutbox } from "../event-outbox.ts";
import { GatewayObject } from "../gateway-object.ts";
import { ReliableAlarm, type RetryAtMs } from "../reliable-alarm.ts";
import { AttemptRecorder } from "./attempt-recorder.ts";
import { createDeliveryBacklog } from "./delivery-backlog.ts";
import { eraseDeliveries } from "./delivery-erasure.ts";
import { DeliveryIntake } from "./delivery-intake.ts";
import { DeliveryLoop } from "./delivery-loop.ts";
import { createDeliveryRetention, type DeliveryRetention } from "./delivery-retention.ts";
import { createDeliveryStore, type DeliveryStore } from "./delivery-store.ts";
import { EndpointCache } from "./endpoint-cache.ts";
import type { EndpointSender } from "./endpoint-sender.ts";
import { PendingDisable } from "./pending-disable.ts";
import { ShardGrowth } from "./shard-growth.ts";
import { StoredBreaker } from "./stored-breaker.ts";

/** Pause after the directory was away or something inside has failed. It doubles with each failure. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;

/** Pause before a paused endpoint with due deliveries is read again. The report of a change may have been lost. */
const PAUSED_POLL_MS = 300_000;

/** Storage key of the time, in ms since the epoch, of the last report of `secrets.unreadable`. */
const UNREADABLE_REPORTED_AT = "unreadable_reported_at_ms";
const REPORT_EVERY_MS = 86_400_000;
/** Longest time until the retention runs for the first time. */
const RETIRE_EVERY_MS = 86_400_000;

/**
 * Sends the deliveries of one endpoint, or of one of its shards. Each has a storage of its own, so an endpoint that hangs delays no other
 * endpoint. An accepted delivery is on disk before the inbox forgets it. A delivery that was sent but not recorded, because the object
 * died, is sent again under the same id.
 */
export class EndpointDispatcher extends GatewayObject implements EndpointDispatcherApi {
  readonly #store: DeliveryStore = createDeliveryStore(this.ctx.storage.sql);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "dispatcher",
    app: () => this.#store.address()?.app,
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #outbox = createEventOutbox(this.ctx.storage.sql, readObjects(this.env));
  readonly #endpoint = new EndpointCache({
    directory: () => this.isolate.readDirectory(this.env),
    destinations: readDestinationBindings(this.env),
  });
  readonly #breaker = new StoredBreaker(this.ctx.storage.kv, () =>
    logEvent("dispatcher", { app: this.#store.address()?.app ?? "", outcome: "unrecorded" }),
  );
  readonly #disable = new PendingDisable({
    storage: this.ctx.storage,
    directory: () => this.isolate.readDirectory(this.env),
    outbox: this.#outbox,
  });
  readonly #retention: DeliveryRetention = createDeliveryRetention(
    { sql: this.ctx.storage.sql, kv: this.ctx.storage.kv, delivered: this.#store.delivered },
    () =>
      this.isolate.readConfig(this.env).apps.get(this.#store.address()?.app ?? "")?.eventRetentionMs ??
      DEFAULT_RETENTION_MS,
  );
  readonly #recorder = new AttemptRecorder({
    store: this.#store,
    breaker: this.#breaker,
    disable: this.#disable,
    outbox: this.#outbox,
    transaction: (write) => this.ctx.storage.transactionSync(write),
    metrics: this.isolate.readMetrics(this.env),
    successPercent: () => this.isolate.successPercent(this.env),
  });
  readonly #loop = new DeliveryLoop({
    store: this.#store,
    breaker: () => this.#breaker.current(),
    record: (results) => this.#recorder.record(results),
    canWrite: () => this.#breaker.canWrite(),
    onUnrecorded: () => this.#breaker.noteUnrecorded(),
    inFlight: () => this.#intake.direct.inFlight(),
    onStarted: () => this.#growth.check(this.#store.address(), this.#endpoint.last()),
    budget: this.isolate.deliveryBytes,
  });
  readonly #intake = new DeliveryIntake({
    store: this.#store,
    storage: this.ctx.storage,
    endpoint: this.#endpoint,
    breaker: this.#breaker,
    disable: this.#disable,
    backlog: createDeliveryBacklog(this.ctx.storage, () => this.#store.newestSeq()),
    bounds: (address) => this.#bounds(address),
    isAwake: () => this.#isAwake,
    wake: () => this.#wake(),
    direct: {
      record: (ended) => this.#loop.record(ended),
      onDelivered: (result) => {
        this.#recorder.delivered(result);
        this.#ensureAlarm(Date.now() + RETIRE_EVERY_MS);
      },
      onEnded: () => this.#loop.wake(),
      budget: this.isolate.deliveryBytes,
    },
  });
  readonly #growth = new ShardGrowth({
    nextDueAtMs: () => this.#store.nextDueAtMs(),
    breaker: () => this.#breaker.current(),
    maxShards: (app) => this.isolate.readConfig(this.env).apps.get(app)?.endpoints.maxShards ?? MAX_SHARDS,
    directory: () => this.isolate.readDirectory(this.env),
    onChanged: () => this.#endpoint.forget(),
  });
  #isAwake = false;
  /** Whether an alarm is known to be set. */
  #hasAlarm = false;

  async enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<boolean> {
    try {
      return await this.#intake.enqueue(address, deliveries, resend);
    } finally {
      this.isolate.readMetrics(this.env).flush();
    }
  }

  async endpointChanged(retryNow = false): Promise<void> {
    this.#endpoint.forget();
    this.#breaker.set(CLOSED);
    this.#disable.cancel();
    const address = this.#store.address();
    if (address === undefined) return;
    if (retryNow) {
      const nowMs = Date.now();
      this.#recorder.ignoreBefore(nowMs);
      this.#store.makeAllDue(nowMs);
    }
    this.#intake.endpointChanged(address);
    this.#wake();
  }

  async erase(resource: Resource): Promise<number> {
    const erased =
      this.#intake.direct.erase(resource) +
      this.#store.delivered.erase(resource) +
      eraseDeliveries(this.ctx.storage.sql, resource);
    await this.ctx.storage.sync();
    return erased;
  }

  async deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage> {
    return this.#store.list(query, limit);
  }

  async retryDead(query: DeliveryQuery, dryRun: boolean): Promise<number> {
    const count = this.#store.retryDead(query, { nowMs: Date.now(), dryRun });
    if (dryRun || count === 0) return count;
    // An operator who retries dead letters expects the endpoint to work again.
    this.#breaker.set({ ...this.#breaker.current(), openUntilMs: null });
    this.#wake();
    return count;
  }

  async status(): Promise<DispatcherStatus> {
    const counts = this.#store.counts();
    return { ...counts, due: counts.due + this.#intake.direct.count(), breaker: this.#breaker.current() };
  }

  override async alarm(): Promise<void> {
    this.#isAwake = true;
    let isRemoved = false;
    const jobs = [
      {
        name: "deliver",
        run: async () => {
          isRemoved = await this.#deliver();
        },
      },
      { name: "disable", run: () => this.#disableEndpoint() },
      { name: "notify", run: () => isRemoved || this.#outbox.send() },
      { name: "retire", run: () => isRemoved || this.#retire() },
    ];
    await this.#alarm.run(jobs, (retryAtMs) => {
      this.#isAwake = false;
      this.isolate.readMetrics(this.env).flush();
      // A removed endpoint has tables again when an inbox has just brought it something.
      if (this.#store.address() === undefined) return undefined;
      return this.#schedule(retryAtMs);
    });
  }

  /** Returns true when an operator has removed the endpoint; its deliveries are deleted then. */
  async #deliver(): Promise<boolean> {
    const address = this.#store.address();
    if (address === undefined) return false;
    const row = await this.#endpoint.read(address.endpointId);
    if (row === undefined) {
      await this.ctx.storage.deleteAll();
      this.#hasAlarm = false;
      this.#store.forget();
      this.#outbox.forget();
      return true;
    }
    const { endpoint, readable } = row.opened;
    // Messages of a queue are not signed, so a queue needs no secrets.
    if (endpoint.state === "active" && endpoint.kind !== "queue" && !readable) await this.#refuseUnreadable(address);
    await this.#loop.run(() => this.#sender(address));
    return false;
  }

  /** Returns undefined when the endpoint is paused, disabled, removed or about to be disabled. */
  async #sender({ endpointId }: DispatcherAddress): Promise<EndpointSender | undefined> {
    if (this.#disable.isPending()) return undefined;
    const row = await this.#endpoint.read(endpointId);
    return row?.opened.endpoint.state === "active" ? row.sender : undefined;
  }

  #retire(): void {
    if (this.#store.address() !== undefined) this.#retention.run(Date.now());
  }

  #bounds({ app }: DispatcherAddress): BacklogBounds {
    const deliveries = this.isolate.readConfig(this.env).apps.get(app)?.endpoints.maxWaiting ?? DEFAULT_MAX_WAITING;
    return { deliveries, bytes: MAX_WAITING_BYTES };
  }

  /**
   * Reports that the endpoint's secrets cannot be decrypted. Without them nothing can be sent, so its deliveries wait until the key is back
   * or the secret is rotated.
   *
   * @throws {SealBrokenError} Always, so that the alarm tries again, later each time.
   */
  async #refuseUnreadable({ app, endpointId }: DispatcherAddress): Promise<never> {
    const { kv } = this.ctx.storage;
    const nowMs = Date.now();
    if (nowMs >= (kv.get<number>(UNREADABLE_REPORTED_AT) ?? 0) + REPORT_EVERY_MS)
      this.ctx.storage.transactionSync(() => {
        kv.put(UNREADABLE_REPORTED_AT, nowMs);
        const data = { of: "endpoint", id: endpointId } as const;
        const uniqueId = crypto.randomUUID();
        this.#outbox.add({ app, resource: undefined, name: "secrets.unreadable", data, atMs: nowMs, uniqueId });
      });
    await this.#outbox.send();
    this.#endpoint.forget();
    throw new SealBrokenError("cannot open the secrets of the endpoint");
  }

  async #disableEndpoint(): Promise<void> {
    const address = this.#store.address();
    if (address === undefined || !this.#disable.isPending()) return;
    await this.#disable.execute(address, this.#breaker.current());
    this.#endpoint.forget();
  }

  /** Sets one alarm for all calls until it has begun. While it runs, its delivery loop is woken instead. */
  #wake(): void {
    this.#hasAlarm = true;
    if (this.#isAwake) {
      this.#loop.wake();
      return;
    }
    this.#isAwake = true;
    this.ctx.storage.setAlarm(Date.now()).catch(() => {
      // The next call sets it.
      this.#isAwake = false;
      this.#hasAlarm = false;
    });
  }

  /** Sets an alarm when none is set, so that the retention runs one day. */
  #ensureAlarm(atMs: number): void {
    if (this.#hasAlarm) return;
    this.#hasAlarm = true;
    void this.ctx.storage.getAlarm().then((setAtMs) => {
      if (setAtMs === null && !this.#isAwake) void this.ctx.storage.setAlarm(atMs);
    });
  }

  #schedule(retryAtMs: RetryAtMs): Promise<void> {
    const nowMs = Date.now();
    const never = Number.POSITIVE_INFINITY;
    const firstDueAtMs = this.#store.nextDueAtMs() ?? never;
    const dueAtMs = this.#endpoint.isInactive() ? Math.max(firstDueAtMs, nowMs + PAUSED_POLL_MS) : firstDueAtMs;
    const hasPending = this.#outbox.hasPending() || this.#disable.isPending();
    const { openUntilMs } = this.#breaker.current();
    const pendingAtMs = Math.max(nowMs + LONGEST_RETRY_MS, retryAtMs("notify") ?? 0, retryAtMs("disable") ?? 0);
    const retireAtMs = retryAtMs("retire") ?? this.#retention.nextAtMs(nowMs);
    const deliverAtMs = Math.max(retryAtMs("deliver") ?? dueAtMs, openUntilMs ?? 0);
    return this.ctx.storage.setAlarm(Math.min(deliverAtMs, hasPending ? pendingAtMs : never, retireAtMs));
  }
}
