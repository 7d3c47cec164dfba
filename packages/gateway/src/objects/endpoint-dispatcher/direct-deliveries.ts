import type { Resource } from "@ghl-edge/core";
import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { isHealthy } from "../../domain/delivery/breaker.ts";
import { createDeferred } from "../deferred.ts";
import type { DirectlyDelivered } from "./delivered-log.ts";
import { attemptBatch, type EndedAttempt, resultsOf } from "./delivery-attempt.ts";
import { MAX_IN_FLIGHT } from "./delivery-loop.ts";
import type { DueDelivery } from "./delivery-rows.ts";
import { type DirectDeliveriesOptions, type DirectItem as Item, itemsWithKeys, nextItems } from "./direct-items.ts";
import { type EndpointSender, TIMEOUT_MS } from "./endpoint-sender.ts";

/** A delivery that has not succeeded after this time is stored. Its inbox waits for the result until then. */
const DIRECT_MS = 1_000;
/** Deliveries in memory that wait for a connection. More are stored at once. */
const MAX_WAITING = 500;
/** Limits the sum of the bodies in memory, waiting or in flight. */
const MAX_BYTES = 2 * 1_048_576;
/** Time for which results are collected before they are written as one block, while other deliveries are under way. */
const COLLECT_MS = 50;
const MAX_BLOCK_DELIVERIES = 100;
/** After an endpoint was too slow, deliveries are stored first for this time. */
const SLOW_MS = 30_000;
/** A delivery that was stored while it is in flight is not due again before its attempt has ended. */
const LEASE_MS = TIMEOUT_MS + 5_000;

interface EndedItem {
  readonly item: Item;
  readonly ended: EndedAttempt;
}

/**
 * Sends new deliveries at once, from memory. Their inboxes hold the events and wait, so a delivery that succeeds within a second needs no row of
 * its own: it is written in a block with others. A delivery that fails or takes longer is stored, and sent again from there. Nothing is
 * reported to the inbox before one of the two is on disk.
 */
export class DirectDeliveries {
  readonly #options: DirectDeliveriesOptions;
  /** Deliveries whose inbox still waits, or whose result could not be written, by id. */
  readonly #items = new Map<string, Item>();
  #waiting: Item[] = [];
  /** Bytes of all bodies in memory. */
  #bytes = 0;
  readonly #inFlight = new Set<Item>();
  /** The items of each request. */
  readonly #requests = new Set<readonly Item[]>();
  /** Delivered and not written yet. */
  #delivered: { readonly item: Item; readonly entry: DirectlyDelivered }[] = [];
  #slowUntilMs = 0;
  #collecting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DirectDeliveriesOptions) {
    this.#options = options;
  }

  /** Whether new deliveries may be sent from memory now. */
  accepts(nowMs: number): boolean {
    return nowMs >= this.#slowUntilMs && this.#waiting.length < MAX_WAITING;
  }

  /** Returns how many bytes of bodies may be added. */
  leftBytes(): number {
    return Math.max(0, Math.min(MAX_BYTES - this.#bytes, this.#options.budget.leftBytes()));
  }

  /** Number of deliveries that are neither stored nor delivered. */
  count(): number {
    return this.#waiting.length + Array.from(this.#inFlight).filter(({ isStored }) => !isStored).length;
  }

  /** Deliveries that are in flight from memory, stored or not, by request. */
  inFlight(): readonly (readonly DueDelivery[])[] {
    return Array.from(this.#requests, (items) => items.map(({ delivery }) => delivery));
  }

  /** Returns the deliveries that are not in memory, and a promise for those that are. */
  split(deliveries: readonly NewDelivery[]): {
    readonly others: readonly NewDelivery[];
    readonly known: Promise<unknown>;
  } {
    const others = deliveries.filter(({ id }) => !this.#items.has(id));
    const known = deliveries.flatMap(({ id }) => this.#items.get(id)?.done.promise ?? []);
    // Results that could not be written are tried again.
    if (known.length > 0 && this.#collecting === undefined) this.#write();
    return { others, known: Promise.all(known) };
  }

  /** Resolves when each delivery is stored, or written as delivered. Rejects when the storage accepts neither. */
  async deliver(sender: EndpointSender, deliveries: readonly NewDelivery[]): Promise<void> {
    const items = deliveries.map((delivery) => this.#add(sender, delivery));
    const timer = setTimeout(() => this.#storeSlow(items), DIRECT_MS);
    this.#send();
    try {
      await Promise.all(items.map(({ done }) => done.promise));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stores what waits, because it may not be sent from memory any more. */
  storeWaiting(): void {
    this.#storeItems(this.#waiting);
  }

  /**
   * Stores the deliveries in memory with these keys, so that what is stored after them waits behind them.
   *
   * @throws What the storage throws. Nothing with these keys may be stored then.
   */
  storeKeys(orderKeys: ReadonlySet<string>): void {
    const error = this.#storeItems(itemsWithKeys([...this.#inFlight, ...this.#waiting], orderKeys));
    if (error !== undefined) throw error;
  }

  /** Drops the deliveries of a resource and returns how many were not stored. The results of those in flight are not written. */
  erase(resource: Resource): number {
    const items = [...this.#waiting, ...this.#inFlight, ...this.#delivered.map(({ item }) => item)];
    const erased = items.filter(
      ({ delivery }) => delivery.resource?.kind === resource.kind && delivery.resource.id === resource.id,
    );
    this.#delivered = this.#delivered.filter(({ item }) => !erased.includes(item));
    for (const item of erased) {
      item.isErased = true;
      this.#settle(item);
    }
    return erased.filter(({ isStored }) => !isStored).length;
  }

  #add(sender: EndpointSender, delivery: NewDelivery): Item {
    const { store, budget } = this.#options;
    const due = { ...delivery, seq: store.nextSeq(), createdAtMs: Date.now(), tries: 0, attempts: [] };
    const { byteLength } = delivery.body;
    const give = budget.take(byteLength);
    this.#bytes += byteLength;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      give();
      this.#bytes -= byteLength;
    };
    const item = { sender, delivery: due, isStored: false, isErased: false, done: createDeferred(), release };
    this.#items.set(delivery.id, item);
    this.#waiting.push(item);
    return item;
  }

  /** Starts waiting deliveries while connections are free. */
  #send(): void {
    while (this.#requests.size < MAX_IN_FLIGHT) {
      const items = nextItems(this.#waiting, this.#inFlight);
      const [first] = items;
      if (first === undefined) return;
      for (const item of items) this.#inFlight.add(item);
      this.#waiting = this.#waiting.filter((item) => !this.#inFlight.has(item));
      this.#requests.add(items);
      void this.#attempt(first.sender, items);
    }
  }

  #leaveWaiting(item: Item): void {
    const index = this.#waiting.indexOf(item);
    if (index !== -1) this.#waiting.splice(index, 1);
  }

  async #attempt(sender: EndpointSender, items: readonly Item[]): Promise<void> {
    const ended = await attemptBatch(
      sender,
      items.map(({ delivery }) => delivery),
    );
    this.#requests.delete(items);
    for (const item of items) {
      this.#inFlight.delete(item);
      // The inbox of a stored delivery does not wait any more.
      if (this.#items.get(item.delivery.id) !== item) item.release();
    }
    this.#end(items.map((item, index) => ({ item, ended: ended[index]! })).filter(({ item }) => !item.isErased));
    if (!isHealthy(this.#options.breaker(), Date.now())) this.storeWaiting();
    this.#send();
    this.#writeSoon();
    this.#options.onEnded();
  }

  #end(batch: readonly EndedItem[]): void {
    const { store, breaker, onDelivered, record, onStored } = this.#options;
    const results = resultsOf(
      batch.map(({ ended }) => ended),
      breaker(),
    );
    const others: EndedItem[] = [];
    for (const [index, result] of results.entries()) {
      const { item } = batch[index]!;
      const { seq, id, type, resource, inbox, createdAtMs } = item.delivery;
      const { state, attempt } = result.recorded;
      if (state === "delivered" && !item.isStored && store.delivered.fits(seq)) {
        onDelivered(result);
        this.#delivered.push({ item, entry: { seq, id, type, resource, inbox, createdAtMs, attempt } });
      } else others.push(batch[index]!);
    }
    // Deliveries with the same keys are stored with these, and wait behind them.
    this.#storeItems(others.map(({ item }) => item));
    const stored = others.filter(({ item }) => item.isStored);
    if (stored.length === 0) return;
    record(stored.map(({ ended }) => ended));
    // The alarm is set for the end of the lease.
    onStored();
  }

  #storeSlow(items: readonly Item[]): void {
    const slow = items.filter((item) => this.#waiting.includes(item) || this.#inFlight.has(item));
    if (slow.length === 0) return;
    this.#slowUntilMs = Date.now() + SLOW_MS;
    this.#storeItems(slow);
    this.storeWaiting();
  }

  /**
   * Stores deliveries and all in memory that have their keys: a stored delivery does not wait behind one in memory. Returns the error of a
   * storage that does not accept them. They are rejected then.
   */
  #storeItems(items: readonly Item[]): unknown {
    const withKeys = itemsWithKeys(
      [...this.#inFlight, ...this.#waiting],
      new Set(items.map(({ delivery }) => delivery.orderKey)),
    );
    const unstored = [...new Set([...items, ...withKeys])]
      .filter(({ isStored, isErased }) => !isStored && !isErased)
      .sort((one, other) => one.delivery.seq - other.delivery.seq);
    if (unstored.length === 0) return undefined;
    const { transaction, add, onStored } = this.#options;
    const nowMs = Date.now();
    try {
      transaction(() =>
        add(
          unstored.map((item) => {
            const { seq, createdAtMs } = item.delivery;
            const dueAtMs = this.#inFlight.has(item) ? nowMs + LEASE_MS : nowMs;
            return [item.delivery, { resend: false, nowMs: createdAtMs, seq, dueAtMs }];
          }),
        ),
      );
    } catch (error) {
      for (const item of unstored)
        if (this.#inFlight.has(item)) this.#rejectOnce(item, error);
        else this.#settle(item, error);
      return error;
    }
    for (const item of unstored) {
      item.isStored = true;
      this.#leaveWaiting(item);
    }
    onStored();
    void this.#settleWhenOnDisk(unstored);
    return undefined;
  }

  /** Writes results now when nothing else is under way, and otherwise together with those that follow shortly. */
  #writeSoon(): void {
    if (this.#delivered.length === 0) return;
    if (this.count() === 0 || this.#delivered.length >= MAX_BLOCK_DELIVERIES) this.#write();
    else this.#collecting ??= setTimeout(() => this.#write(), COLLECT_MS);
  }

  #write(): void {
    clearTimeout(this.#collecting);
    this.#collecting = undefined;
    const { store, transaction, onUnrecorded } = this.#options;
    const written = this.#delivered.splice(0, MAX_BLOCK_DELIVERIES);
    if (written.length === 0) return;
    const entries = written.map(({ entry }) => entry);
    try {
      transaction(() => store.delivered.append(entries, Date.now()));
    } catch (error) {
      this.#delivered.unshift(...written);
      onUnrecorded();
      for (const { item } of written) this.#rejectOnce(item, error);
      return;
    }
    store.delivered.added(entries);
    void this.#settleWhenOnDisk(written.map(({ item }) => item));
    this.#writeSoon();
  }

  /** The inbox must not take a delivery for done that the storage loses. */
  async #settleWhenOnDisk(items: readonly Item[]): Promise<void> {
    try {
      await this.#options.sync();
      for (const item of items) this.#settle(item);
    } catch (error) {
      for (const item of items) this.#settle(item, error);
    }
  }

  /** Rejects for the inbox that waits now. The delivery stays known, so that the inbox does not make a second one when it comes again. */
  #rejectOnce(item: Item, error: unknown): void {
    item.done.reject(error);
    item.done = createDeferred();
  }

  /** Ends the wait of the inbox. */
  #settle(item: Item, error?: unknown): void {
    this.#leaveWaiting(item);
    if (this.#items.get(item.delivery.id) === item) this.#items.delete(item.delivery.id);
    if (!this.#inFlight.has(item)) item.release();
    if (error === undefined) item.done.resolve();
    else item.done.reject(error);
  }
}
