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
import { CLOSED, isHealthy } from "../../domain/delivery/breaker.ts";
import { SealBrokenError } from "../../domain/grants/seal.ts";
import { DEFAULT_RETENTION_MS } from "../../platform/config.ts";
import { readDestinationBindings, readObjects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { createEventOutbox } from "../event-outbox.ts";
import { GatewayObject } from "../gateway-object.ts";
import { ReliableAlarm, type RetryAtMs } from "../reliable-alarm.ts";
import type { AttemptResult } from "./delivery-attempt.ts";
import { createDeliveryBacklog, type DeliveryBacklog } from "./delivery-backlog.ts";
import { eraseDeliveries } from "./delivery-erasure.ts";
import { DeliveryLoop } from "./delivery-loop.ts";
import { createDeliveryRetention, type DeliveryRetention } from "./delivery-retention.ts";
import { type AddOptions, createDeliveryStore, type DeliveryStore } from "./delivery-store.ts";
import { DirectDeliveries } from "./direct-deliveries.ts";
import { EndpointCache } from "./endpoint-cache.ts";
import type { EndpointSender } from "./endpoint-sender.ts";
import { PendingDisable } from "./pending-disable.ts";
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
  readonly #backlog: DeliveryBacklog = createDeliveryBacklog(this.ctx.storage, () => this.#store.newestSeq());
  readonly #retention: DeliveryRetention = createDeliveryRetention(
    { sql: this.ctx.storage.sql, kv: this.ctx.storage.kv, delivered: this.#store.delivered },
    () =>
      this.isolate.readConfig(this.env).apps.get(this.#store.address()?.app ?? "")?.eventRetentionMs ??
      DEFAULT_RETENTION_MS,
  );
  readonly #loop = new DeliveryLoop({
    store: this.#store,
    breaker: () => this.#breaker.current(),
    record: (result) => this.#record(result),
    canWrite: () => this.#breaker.canWrite(),
    onUnrecorded: () => this.#breaker.noteUnrecorded(),
    inFlight: () => this.#direct.inFlight(),
    budget: this.isolate.deliveryBytes,
  });
  readonly #direct = new DirectDeliveries({
    store: this.#store,
    breaker: () => this.#breaker.current(),
    transaction: (write) => this.ctx.storage.transactionSync(write),
    sync: () => this.ctx.storage.sync(),
    add: (deliveries) => {
      const address = this.#store.address();
      // There is no address when the endpoint was removed.
      if (address !== undefined) this.#add(address, deliveries);
    },
    onStored: () => this.#wake(),
    record: (result) => this.#record(result),
    onDelivered: (result) => this.#delivered(result),
    onEnded: () => this.#loop.wake(),
    onUnrecorded: () => this.#breaker.noteUnrecorded(),
    budget: this.isolate.deliveryBytes,
  });
  /** True when more deliveries wait than the app allows. The endpoint is about to be disabled then. */
  #isOverfull = false;
  #isAwake = false;
  /** Whether an alarm is known to be set. */
  #hasAlarm = false;
  /** Time of the last `retryNow`. Attempts that began before it stay counted, but no longer affect the breaker. */
  #retryNowAtMs = 0;

  async enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<boolean> {
    if (this.#isOverfull) return false;
    const { others, known } = this.#direct.split(deliveries);
    await Promise.all([
      known,
      resend ? this.#enqueueStored(address, others, resend) : this.#enqueueNew(address, others),
    ]);
    return true;
  }

  /** Sends deliveries from memory where that is possible, and stores the others. */
  async #enqueueNew(address: DispatcherAddress, deliveries: readonly NewDelivery[]): Promise<void> {
    const sender = deliveries.length === 0 ? undefined : await this.#directSender(address);
    if (sender === undefined) return this.#enqueueStored(address, deliveries, false);
    const fresh = deliveries.filter(({ id }) => !this.#store.isKnown(id));
    const direct: NewDelivery[] = [];
    const others: NewDelivery[] = [];
    let leftBytes = this.#direct.leftBytes();
    for (const delivery of fresh) {
      leftBytes -= delivery.body.byteLength;
      // A delivery waits behind a stored one with the same key.
      const isBlocked = delivery.orderKey !== null && this.#store.isBlocked(delivery.orderKey);
      (isBlocked || leftBytes < 0 ? others : direct).push(delivery);
    }
    await Promise.all([this.#enqueueStored(address, others, false), this.#direct.deliver(sender, direct)]);
  }

  /** Returns undefined when deliveries have to be stored before they are sent. */
  async #directSender(address: DispatcherAddress): Promise<EndpointSender | undefined> {
    const isPossible = (): boolean =>
      !this.#isAwake &&
      !this.#disable.isPending() &&
      this.#direct.accepts(Date.now()) &&
      isHealthy(this.#breaker.current(), Date.now());
    if (!isPossible()) return undefined;
    this.#store.create(address);
    const row = await this.#endpoint.read(address.endpointId).catch(() => undefined);
    const isActive =
      row?.opened.endpoint.state === "active" && (row.opened.readable || row.opened.endpoint.kind === "queue");
    return isActive && isPossible() ? row.sender : undefined;
  }

  async #enqueueStored(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<void> {
    if (deliveries.length === 0) return;
    const options = { resend, nowMs: Date.now() };
    try {
      this.ctx.storage.transactionSync(() =>
        this.#add(
          address,
          deliveries.map((delivery) => [delivery, options]),
        ),
      );
      this.#breaker.noteWritten();
    } catch (error) {
      // The transaction may have created the tables.
      this.#store.forget();
      throw error;
    }
    this.#wake();
    await this.ctx.storage.sync();
  }

  /** Stores deliveries inside a transaction, and decides to disable the endpoint when too many wait. */
  #add(address: DispatcherAddress, deliveries: readonly (readonly [NewDelivery, AddOptions])[]): void {
    const seqs = deliveries.flatMap(([delivery, options]) => this.#store.add(address, delivery, options) ?? []);
    if (seqs.length === 0 || !this.#backlog.isOver(Math.max(...seqs), this.#bounds(address))) return;
    this.#disable.request({ reason: "backlog", lastStatus: null });
    this.#isOverfull = true;
  }

  async endpointChanged(retryNow = false): Promise<void> {
    this.#endpoint.forget();
    this.#breaker.set(CLOSED);
    this.#disable.cancel();
    const address = this.#store.address();
    if (address === undefined) return;
    if (retryNow) {
      this.#retryNowAtMs = Date.now();
      this.#store.makeAllDue(this.#retryNowAtMs);
    }
    this.#isOverfull = false;
    this.#direct.storeWaiting();
    this.#backlog.allow(this.#bounds(address));
    this.#wake();
  }

  async erase(resource: Resource): Promise<number> {
    const erased =
      this.#direct.erase(resource) +
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
    return { ...counts, due: counts.due + this.#direct.count(), breaker: this.#breaker.current() };
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
      if (isRemoved || this.#store.address() === undefined) return undefined;
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

  #record({ delivery, recorded, ...result }: AttemptResult): void {
    const address = this.#store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { status, code } = recorded.attempt;
    const isOutdated = recorded.attempt.atMs < this.#retryNowAtMs;
    const breaker = isOutdated ? this.#breaker.current() : result.breaker;
    const disable = isOutdated ? undefined : result.disable;
    this.ctx.storage.transactionSync(() => {
      this.#store.record(delivery, recorded);
      this.#breaker.writeInTransaction(breaker);
      if (disable !== undefined) this.#disable.request({ reason: disable, lastStatus: status });
      // The gateway's own events are not reported: the report would go to the endpoint that did not accept them.
      if (recorded.state === "dead" && delivery.source !== "gateway")
        this.#outbox.add({
          app,
          resource: delivery.resource,
          name: "event.dead",
          data: {
            endpointId,
            eventId: delivery.id,
            eventType: delivery.type,
            attempts: delivery.tries + 1,
            lastStatus: status,
            lastCode: code,
          },
          atMs: Date.now(),
          uniqueId: crypto.randomUUID(),
        });
    });
    this.#breaker.committed(breaker);
    this.#log({ delivery, recorded });
  }

  /** A delivery has succeeded before it was stored. Its block is written soon. */
  #delivered(result: AttemptResult): void {
    this.#breaker.set(result.breaker);
    this.#ensureAlarm(Date.now() + RETIRE_EVERY_MS);
    this.#log(result);
  }

  #log({ delivery, recorded }: Pick<AttemptResult, "delivery" | "recorded">): void {
    const address = this.#store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { code } = recorded.attempt;
    const failed = recorded.state === "delivered" ? {} : { outcome: recorded.state, ...(code && { code }) };
    logEvent("delivery", { app, endpointId, eventId: delivery.id, event: delivery.type, ...failed });
  }

  async #disableEndpoint(): Promise<void> {
    const address = this.#store.address();
    if (address === undefined || !this.#disable.isPending()) return;
    await this.#disable.execute(address, this.#breaker.current());
    this.#endpoint.forget();
  }

  /** Sets one alarm for all calls until it has begun. While it runs, its delivery loop is woken instead. */
  #wake(): void {
    if (this.#isAwake) this.#loop.wake();
    else void this.ctx.storage.setAlarm(Date.now());
    this.#isAwake = true;
    this.#hasAlarm = true;
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
