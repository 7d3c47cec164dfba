import { DurableObject } from "cloudflare:workers";
import type { OpenedEndpoint } from "../../directory/endpoints.ts";
import { readDirectory } from "../../directory/read-directory.ts";
import { type BacklogBounds, DEFAULT_MAX_WAITING, MAX_WAITING_BYTES } from "../../domain/backlog.ts";
import { type Breaker, CLOSED, stepBreaker } from "../../domain/breaker.ts";
import type {
  DeliveryPage,
  DeliveryQuery,
  DispatcherAddress,
  DispatcherStatus,
  EndpointDispatcherApi,
  NewDelivery,
} from "../../domain/contracts/endpoint-dispatcher.ts";
import type { DisabledReason } from "../../domain/endpoint.ts";
import type { Resource } from "../../domain/resource.ts";
import { SealBrokenError } from "../../domain/seal.ts";
import { readConfig, readObjects, readReceivers } from "../../platform/env.ts";
import { isolate } from "../../platform/isolate.ts";
import { logEvent } from "../../platform/log.ts";
import { createEventOutbox } from "../event-outbox.ts";
import { ReliableAlarm, type RetryAtMs } from "../reliable-alarm.ts";
import { createDeliveryBacklog, type DeliveryBacklog } from "./delivery-backlog.ts";
import { eraseDeliveries } from "./delivery-erasure.ts";
import { DeliveryPump, type Landing } from "./delivery-pump.ts";
import { createDeliveryRetention, type DeliveryRetention, RETENTION_MS } from "./delivery-retention.ts";
import { createDeliveryStore, type DeliveryStore } from "./delivery-store.ts";
import { createReceiver, type Receiver } from "./receiver.ts";

/** The row of an endpoint is read again after this long; whoever changes it says so at once. */
const ROW_FRESH_MS = 30_000;
/** Where the directory is away, or something inside has failed: soon, then later each time. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;

/** Of an endpoint that is paused with something due: an operator who has switched it on may not have got through. */
const PAUSED_LOOK_MS = 300_000;

const BREAKER = "breaker";
const ENDS = "ends";
/** When endpoints were last notified that the secrets do not open. */
const UNREADABLE = "unreadable";
const REPORT_EVERY_MS = 86_400_000;

/** Why the endpoint has to be disabled, until the directory has taken it down. */
interface End {
  readonly because: DisabledReason;
  readonly lastStatus: number | null;
}

/**
 * Deliveries of one endpoint, or of a share of them: what is due, what was tried, how the receiver is doing. Alone with its
 * storage, so that a receiver that hangs holds up nobody else. What was taken on is on disk before the inbox forgets it; what
 * was sent and not recorded, because the object died, is sent again under the same id.
 */
export class EndpointDispatcher extends DurableObject<Env> implements EndpointDispatcherApi {
  readonly #store: DeliveryStore = createDeliveryStore(this.ctx.storage.sql);
  readonly #objects = readObjects(this.env);
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "dispatcher",
    app: () => this.#store.address()?.app,
    firstPauseMs: FIRST_RETRY_MS,
    longestPauseMs: LONGEST_RETRY_MS,
  });
  readonly #receivers = readReceivers(this.env);
  readonly #outbox = createEventOutbox(this.ctx.storage.sql, this.#objects);
  #known: Breaker | undefined;
  readonly #backlog: DeliveryBacklog = createDeliveryBacklog(this.ctx.storage);
  readonly #retention: DeliveryRetention = createDeliveryRetention(
    this.ctx.storage,
    () => readConfig(this.env).apps.get(this.#store.address()?.app ?? "")?.eventRetentionMs ?? RETENTION_MS,
  );
  readonly #pump = new DeliveryPump({
    store: this.#store,
    breaker: () => this.#breaker(),
    land: (landing) => this.#land(landing),
    canWrite: () => this.#canWrite(),
    unrecorded: () => this.#noteUnrecorded(),
    budget: isolate.deliveryBytes,
  });
  /** Undefined: nothing was written in this life of the object. */
  #isWritable: boolean | undefined;
  /** More waits than may, and the endpoint is about to be disabled. */
  #isOverfull = false;
  #row: { readonly untilMs: number; readonly opened: OpenedEndpoint; readonly receiver: Receiver } | undefined;
  #isAwake = false;
  /** What was under way then says nothing of the receiver as it is now. */
  #repairedAtMs = 0;

  async enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], again: boolean): Promise<boolean> {
    if (this.#isOverfull) return false;
    const bounds = this.#bounds(address);
    try {
      this.ctx.storage.transactionSync(() => {
        const nowMs = Date.now();
        const seqs = deliveries.flatMap((delivery) => this.#store.add(address, delivery, again, nowMs) ?? []);
        if (seqs.length > 0 && this.#backlog.isOver(Math.max(...seqs), bounds)) {
          this.ctx.storage.kv.put<End>(ENDS, { because: "backlog", lastStatus: null });
          this.#isOverfull = true;
        }
      });
      this.#isWritable = true;
    } catch (error) {
      // The tables may have been made in it.
      this.#store.forget();
      throw error;
    }
    this.#wake();
    await this.ctx.storage.sync();
    return true;
  }

  async endpointChanged(isRepaired = false): Promise<void> {
    this.#row = undefined;
    this.#setBreaker(CLOSED);
    this.ctx.storage.kv.delete(ENDS);
    const address = this.#store.address();
    if (address === undefined) return;
    if (isRepaired) {
      this.#repairedAtMs = Date.now();
      this.#store.pullForward(this.#repairedAtMs);
    }
    this.#isOverfull = false;
    this.#backlog.allow(this.#bounds(address));
    this.#wake();
  }

  async erase(resource: Resource): Promise<number> {
    const erased = eraseDeliveries(this.ctx.storage.sql, resource);
    await this.ctx.storage.sync();
    return erased;
  }

  async deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage> {
    return this.#store.list(query, limit);
  }

  async revive(query: DeliveryQuery, dryRun: boolean): Promise<number> {
    const count = this.#store.revive(query, Date.now(), dryRun);
    if (dryRun || count === 0) return count;
    // Who asks for it believes that the receiver is back.
    this.#setBreaker({ ...this.#breaker(), openUntilMs: null });
    this.#wake();
    return count;
  }

  async status(): Promise<DispatcherStatus> {
    return { ...this.#store.counts(), breaker: this.#breaker() };
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
      { name: "end", run: () => this.#end() },
      { name: "tell", run: () => isRemoved || this.#outbox.send() },
      { name: "retire", run: () => isRemoved || this.#retire() },
    ];
    await this.#alarm.run(jobs, (retryAtMs) => {
      this.#isAwake = false;
      if (isRemoved || this.#store.address() === undefined) return undefined;
      return this.#schedule(retryAtMs);
    });
  }

  /** True: the endpoint was removed by an operator, and nobody is left to send to. */
  async #deliver(): Promise<boolean> {
    const address = this.#store.address();
    if (address === undefined) return false;
    const row = await this.#read(address);
    if (row === undefined) {
      await this.ctx.storage.deleteAll();
      this.#store.forget();
      this.#outbox.forget();
      return true;
    }
    const { endpoint, readable } = row.opened;
    // A queue is sent nothing signed.
    if (endpoint.state === "active" && endpoint.kind !== "queue" && !readable) await this.#refuseUnreadable(address);
    await this.#pump.run(async () => (await this.#mayReceive(address)) ?? undefined);
    return false;
  }

  #retire(): void {
    if (this.#store.address() !== undefined) this.#retention.run(Date.now());
  }

  #bounds({ app }: DispatcherAddress): BacklogBounds {
    const deliveries = readConfig(this.env).apps.get(app)?.endpoints.maxWaiting ?? DEFAULT_MAX_WAITING;
    return { deliveries, bytes: MAX_WAITING_BYTES };
  }

  /** Asks the storage itself where nothing has been written since the object was loaded. */
  #canWrite(): boolean {
    if (this.#isWritable === true) return true;
    try {
      this.ctx.storage.kv.put<Breaker>(BREAKER, this.#breaker());
      this.#isWritable = true;
      return true;
    } catch {
      this.#noteUnrecorded();
      return false;
    }
  }

  /** Nothing is sent for a while, by what is in memory where the storage does not take that either. */
  #noteUnrecorded(): void {
    this.#isWritable = false;
    this.#known = stepBreaker(this.#breaker(), { type: "unrecorded" }, Date.now());
    const app = this.#store.address()?.app ?? "";
    logEvent("dispatcher", { app, outcome: "unrecorded" });
    try {
      this.ctx.storage.kv.put<Breaker>(BREAKER, this.#known);
    } catch {
      // As it is in memory.
    }
  }

  /**
   * Without its secrets an endpoint can be sent nothing. What is due waits, so that nothing is lost when the key comes back or the
   * secret is rotated.
   *
   * @throws SealBrokenError always: the alarm tries again, later each time
   */
  async #refuseUnreadable({ app, endpointId }: DispatcherAddress): Promise<never> {
    const { kv } = this.ctx.storage;
    const nowMs = Date.now();
    if (nowMs >= (kv.get<number>(UNREADABLE) ?? 0) + REPORT_EVERY_MS)
      this.ctx.storage.transactionSync(() => {
        kv.put(UNREADABLE, nowMs);
        const data = { of: "endpoint", id: endpointId } as const;
        const uniqueId = crypto.randomUUID();
        this.#outbox.add({ app, resource: undefined, name: "secrets.unreadable", data, atMs: nowMs, uniqueId });
      });
    await this.#outbox.send();
    this.#row = undefined;
    throw new SealBrokenError("The secrets of the endpoint do not open");
  }

  /** Undefined: paused, disabled, removed, or about to be disabled. */
  async #mayReceive(address: DispatcherAddress): Promise<Receiver | undefined> {
    if (this.ctx.storage.kv.get<End>(ENDS) !== undefined) return undefined;
    const row = await this.#read(address);
    return row?.opened.endpoint.state === "active" ? row.receiver : undefined;
  }

  /** The row as it was read lately; an older one where the directory is away. */
  async #read({ endpointId }: DispatcherAddress) {
    const known = this.#row;
    if (known !== undefined && Date.now() < known.untilMs) return known;
    try {
      const opened = await readDirectory(this.env).endpoints.open(endpointId);
      const untilMs = Date.now() + ROW_FRESH_MS;
      this.#row = opened && { untilMs, opened, receiver: createReceiver(opened, this.#receivers) };
    } catch (error) {
      if (known === undefined) throw error;
    }
    return this.#row;
  }

  #land({ delivery, recorded, ...landing }: Landing): void {
    const address = this.#store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { status, code } = recorded.attempt;
    const isOfBefore = recorded.attempt.atMs < this.#repairedAtMs;
    const breaker = isOfBefore ? this.#breaker() : landing.breaker;
    const ends = isOfBefore ? undefined : landing.ends;
    this.ctx.storage.transactionSync(() => {
      this.#store.record(delivery, recorded);
      if (breaker !== this.#breaker()) this.ctx.storage.kv.put(BREAKER, breaker);
      if (ends !== undefined) this.ctx.storage.kv.put<End>(ENDS, { because: ends, lastStatus: status });
      // Of what is the gateway's own nothing is told: it would be told to the receiver that did not take it.
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
    // Only now: the transaction may have been rolled back.
    this.#known = breaker;
    this.#isWritable = true;
    const failed = recorded.state === "delivered" ? {} : { outcome: recorded.state, ...(code && { code }) };
    logEvent("delivery", { app, endpointId, eventId: delivery.id, event: delivery.type, ...failed });
  }

  /** Read at its first use: a storage that cannot be read would else end the object's alarm. */
  #breaker(): Breaker {
    this.#known ??= this.ctx.storage.kv.get<Breaker>(BREAKER) ?? CLOSED;
    return this.#known;
  }

  #setBreaker(breaker: Breaker): void {
    if (breaker === this.#breaker()) return;
    this.#known = breaker;
    this.ctx.storage.kv.put(BREAKER, breaker);
  }

  /** Takes the endpoint down in the directory and tells of it; again and again until the directory has heard. */
  async #end(): Promise<void> {
    const address = this.#store.address();
    const end = this.ctx.storage.kv.get<End>(ENDS);
    if (address === undefined || end === undefined) return;
    const { app, endpointId } = address;
    const { because, lastStatus } = end;
    const change = { actor: "endpoint-dispatcher", requestId: crypto.randomUUID(), nowMs: Date.now() };
    const isOurs = await readDirectory(this.env).endpoints.disable(endpointId, because, change);
    const { failingSinceMs } = this.#breaker();
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.delete(ENDS);
      if (!isOurs || because === "operator") return;
      this.#outbox.add({
        app,
        resource: undefined,
        name: "endpoint.disabled",
        data: { endpointId, reason: because, failingSinceMs, lastStatus },
        atMs: Date.now(),
        uniqueId: crypto.randomUUID(),
      });
    });
    this.#row = undefined;
    logEvent("dispatcher", { app, endpointId, outcome: `disabled: ${because}` });
  }

  /** Once for all that comes until the alarm has begun; while it runs, it is told. */
  #wake(): void {
    if (this.#isAwake) this.#pump.nudge();
    else void this.ctx.storage.setAlarm(Date.now());
    this.#isAwake = true;
  }

  #schedule(retryAtMs: RetryAtMs): Promise<void> {
    const nowMs = Date.now();
    const never = Number.POSITIVE_INFINITY;
    const isSending = this.#row === undefined || this.#row.opened.endpoint.state === "active";
    const firstDueAtMs = this.#store.nextDueAtMs() ?? never;
    const dueAtMs = isSending ? firstDueAtMs : Math.max(firstDueAtMs, nowMs + PAUSED_LOOK_MS);
    const isOwing = this.#outbox.hasPending() || this.ctx.storage.kv.get<End>(ENDS) !== undefined;
    const { openUntilMs } = this.#breaker();
    const owedAtMs = Math.max(nowMs + LONGEST_RETRY_MS, retryAtMs("tell") ?? 0, retryAtMs("end") ?? 0);
    const retireAtMs = retryAtMs("retire") ?? this.#retention.nextAtMs(nowMs);
    return this.ctx.storage.setAlarm(
      Math.min(Math.max(retryAtMs("deliver") ?? dueAtMs, openUntilMs ?? 0), isOwing ? owedAtMs : never, retireAtMs),
    );
  }
}
