import { DurableObject } from "cloudflare:workers";
import type { OpenedEndpoint } from "../directory/endpoints.ts";
import { type Breaker, CLOSED } from "../domain/breaker.ts";
import type { DisabledReason } from "../domain/endpoint.ts";
import { readDirectory, readObjects, readReceivers } from "../env.ts";
import { logEvent } from "../log.ts";
import { DeliveryPump, type Landing } from "./delivery-pump.ts";
import { createDeliveryStore, type DeliveryStore } from "./delivery-store.ts";
import { createEventOutbox } from "./event-outbox.ts";
import type {
  DeliveryPage,
  DeliveryQuery,
  DispatcherAddress,
  DispatcherStatus,
  EndpointDispatcherApi,
  NewDelivery,
} from "./interfaces.ts";
import { createReceiver, type Receiver } from "./receiver.ts";

/** As long as an inbox keeps the event. */
export const RETENTION_MS = 30 * 86_400_000;
const RETIRE_EVERY_MS = 86_400_000;
/** The row of an endpoint is read again after this long; whoever changes it says so at once. */
const ROW_FRESH_MS = 30_000;
/** Where the directory is away, or something inside has failed: soon, then later each time. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;

/** Of an endpoint that is paused with something due: an operator who has switched it on may not have got through. */
const PAUSED_LOOK_MS = 300_000;

const BREAKER = "breaker";
const ENDS = "ends";

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
  readonly #directory = readDirectory(this.env);
  readonly #receivers = readReceivers(this.env);
  readonly #outbox = createEventOutbox(this.ctx.storage.sql, this.#objects);
  #breaker: Breaker = this.ctx.storage.kv.get<Breaker>(BREAKER) ?? CLOSED;
  readonly #pump = new DeliveryPump({
    store: this.#store,
    breaker: () => this.#breaker,
    land: (landing) => this.#land(landing),
  });
  #row: { readonly untilMs: number; readonly opened: OpenedEndpoint; readonly receiver: Receiver } | undefined;
  #isAwake = false;
  /** Runs in a row that something inside has broken. */
  #failures = 0;

  async enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], again: boolean): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const delivery of deliveries) this.#store.add(address, delivery, again, Date.now());
    });
    this.#wake();
    await this.ctx.storage.sync();
  }

  async endpointChanged(): Promise<void> {
    this.#row = undefined;
    this.#setBreaker(CLOSED);
    this.ctx.storage.kv.delete(ENDS);
    if (this.#store.address() !== undefined) this.#wake();
  }

  async deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage> {
    return this.#store.list(query, limit);
  }

  async revive(query: DeliveryQuery, dryRun: boolean): Promise<number> {
    const count = this.#store.revive(query, Date.now(), dryRun);
    if (dryRun || count === 0) return count;
    // Who asks for it believes that the receiver is back.
    this.#setBreaker({ ...this.#breaker, openUntilMs: null });
    this.#wake();
    return count;
  }

  async status(): Promise<DispatcherStatus> {
    return { ...this.#store.counts(), breaker: this.#breaker };
  }

  override async alarm(): Promise<void> {
    this.#isAwake = true;
    const address = this.#store.address();
    let notBeforeMs = 0;
    try {
      if (address !== undefined) await this.#work(address);
      this.#failures = 0;
    } catch (error) {
      const errorName = error instanceof Error ? error.name : "unknown";
      logEvent("dispatcher", { app: address?.app ?? "", outcome: "failed", errorName });
      notBeforeMs = Date.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    }
    this.#isAwake = false;
    if (this.#store.address() !== undefined) this.#schedule(notBeforeMs);
  }

  async #work(address: DispatcherAddress): Promise<void> {
    const row = await this.#read(address);
    if (row === undefined) {
      // Removed by an operator: nobody is left to send to.
      await this.ctx.storage.deleteAll();
      this.#store.emptied();
      this.#outbox.emptied();
      return;
    }
    await this.#pump.run(async () => (await this.#mayReceive(address)) ?? undefined);
    await this.#end(address);
    await this.#outbox.tell();
    const oldestMs = this.#store.oldestEndedAtMs();
    const beforeMs = Date.now() - RETENTION_MS;
    if (oldestMs !== undefined && oldestMs < beforeMs) this.#store.drop(beforeMs);
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
      const opened = await this.#directory.endpoints.open(endpointId);
      const untilMs = Date.now() + ROW_FRESH_MS;
      this.#row = opened && { untilMs, opened, receiver: createReceiver(opened, this.#receivers) };
    } catch (error) {
      if (known === undefined) throw error;
    }
    return this.#row;
  }

  #land({ delivery, recorded, breaker, ends }: Landing): void {
    const address = this.#store.address();
    if (address === undefined) return;
    const { app, endpointId } = address;
    const { status, code } = recorded.attempt;
    this.ctx.storage.transactionSync(() => {
      this.#store.record(delivery, recorded);
      this.#setBreaker(breaker);
      if (ends !== undefined) this.ctx.storage.kv.put<End>(ENDS, { because: ends, lastStatus: status });
      // Of what is the gateway's own nothing is told: it would be told to the receiver that did not take it.
      if (recorded.state === "dead" && delivery.source !== "gateway")
        this.#outbox.owe({
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
    const failed = recorded.state === "delivered" ? {} : { outcome: recorded.state, ...(code && { code }) };
    logEvent("delivery", { app, endpointId, eventId: delivery.id, event: delivery.type, ...failed });
  }

  #setBreaker(breaker: Breaker): void {
    if (breaker === this.#breaker) return;
    this.#breaker = breaker;
    this.ctx.storage.kv.put(BREAKER, breaker);
  }

  /** Takes the endpoint down in the directory and tells of it; again and again until the directory has heard. */
  async #end({ app, endpointId }: DispatcherAddress): Promise<void> {
    const end = this.ctx.storage.kv.get<End>(ENDS);
    if (end === undefined) return;
    const { because, lastStatus } = end;
    const change = { actor: "endpoint-dispatcher", requestId: crypto.randomUUID(), nowMs: Date.now() };
    const isOurs = await this.#directory.endpoints.disable(endpointId, because, change);
    const { failingSinceMs } = this.#breaker;
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.delete(ENDS);
      if (!isOurs || because === "operator") return;
      this.#outbox.owe({
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

  #schedule(notBeforeMs: number): void {
    const nowMs = Date.now();
    const isSending = this.#row === undefined || this.#row.opened.endpoint.state === "active";
    const nextAtMs = this.#store.nextDueAtMs();
    const dueAtMs = isSending || nextAtMs === undefined ? nextAtMs : nowMs + PAUSED_LOOK_MS;
    const owed = this.#outbox.isOwing() || this.ctx.storage.kv.get<End>(ENDS) !== undefined;
    const workAtMs = Math.max(dueAtMs ?? Number.POSITIVE_INFINITY, this.#breaker.openUntilMs ?? 0);
    const owedAtMs = owed ? nowMs + LONGEST_RETRY_MS : Number.POSITIVE_INFINITY;
    void this.ctx.storage.setAlarm(Math.max(notBeforeMs, Math.min(workAtMs, owedAtMs, nowMs + RETIRE_EVERY_MS)));
  }
}
