import type { DispatcherAddress, NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { BacklogBounds } from "../../domain/delivery/backlog.ts";
import { isHealthy } from "../../domain/delivery/breaker.ts";
import type { DeliveryBacklog } from "./delivery-backlog.ts";
import type { AddOptions, DeliveryStore } from "./delivery-store.ts";
import { DirectDeliveries } from "./direct-deliveries.ts";
import type { DirectDeliveriesOptions } from "./direct-items.ts";
import type { EndpointCache } from "./endpoint-cache.ts";
import type { EndpointSender } from "./endpoint-sender.ts";
import type { PendingDisable } from "./pending-disable.ts";
import type { StoredBreaker } from "./stored-breaker.ts";

export interface DeliveryIntakeOptions {
  readonly store: DeliveryStore;
  readonly storage: Pick<DurableObjectStorage, "transactionSync" | "sync">;
  readonly endpoint: EndpointCache;
  readonly breaker: StoredBreaker;
  readonly disable: PendingDisable;
  readonly backlog: DeliveryBacklog;
  readonly bounds: (address: DispatcherAddress) => BacklogBounds;
  /** Whether stored deliveries are being sent, or are about to be. */
  readonly isAwake: () => boolean;
  /** Begins to send what is stored. */
  readonly wake: () => void;
  readonly direct: Pick<DirectDeliveriesOptions, "record" | "onDelivered" | "onEnded" | "budget">;
}

/** Takes deliveries over from inboxes: sends them from memory where that is possible, and stores the others. */
export class DeliveryIntake {
  /** The deliveries that are sent from memory. */
  readonly direct: DirectDeliveries;
  readonly #options: DeliveryIntakeOptions;
  /** True when more deliveries wait than the app allows. The endpoint is about to be disabled then. */
  #isOverfull = false;

  constructor(options: DeliveryIntakeOptions) {
    this.#options = options;
    const { store, storage, breaker, wake, direct } = options;
    this.direct = new DirectDeliveries({
      ...direct,
      store,
      breaker: () => breaker.current(),
      transaction: (write) => storage.transactionSync(write),
      sync: () => storage.sync(),
      add: (deliveries) => {
        const address = store.address();
        // There is no address when the endpoint was removed.
        if (address !== undefined) this.#add(address, deliveries);
      },
      onStored: wake,
      onUnrecorded: () => breaker.noteUnrecorded(),
    });
  }

  /**
   * Resolves when each delivery is on disk: stored, or written as delivered. Resolves with false when none was accepted, because too many
   * wait for the endpoint.
   */
  async enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<boolean> {
    if (this.#isOverfull) return false;
    const { others, known } = this.direct.split(deliveries);
    await Promise.all([
      known,
      resend ? this.#enqueueStored(address, others, resend) : this.#enqueueNew(address, others),
    ]);
    return true;
  }

  /** An operator has enabled or changed the endpoint: more may wait, and what is in memory goes by the new settings. */
  endpointChanged(address: DispatcherAddress): void {
    this.#isOverfull = false;
    this.direct.storeWaiting();
    this.#options.backlog.allow(this.#options.bounds(address));
  }

  async #enqueueNew(address: DispatcherAddress, deliveries: readonly NewDelivery[]): Promise<void> {
    const { store } = this.#options;
    const sender = deliveries.length === 0 ? undefined : await this.#directSender(address);
    // Another inbox may have brought the same deliveries while the endpoint was read.
    const { others: unknown, known } = this.direct.split(deliveries);
    // A delivery that is stored is recognized by its row, and one that was sent from memory by its block.
    const fresh = unknown.filter(({ id }) => !store.isKnown(id));
    if (sender === undefined) {
      await Promise.all([known, this.#enqueueStored(address, fresh, false)]);
      return;
    }
    const direct: NewDelivery[] = [];
    const others: NewDelivery[] = [];
    let leftBytes = this.direct.leftBytes();
    for (const delivery of fresh) {
      leftBytes -= delivery.body.byteLength;
      // A delivery waits behind a stored one with the same key.
      const isBlocked = delivery.orderKey !== null && store.isBlocked(delivery.orderKey);
      (isBlocked || leftBytes < 0 ? others : direct).push(delivery);
    }
    // First those in memory, because their numbers come first.
    const sent = this.direct.deliver(sender, direct);
    await Promise.all([known, sent, this.#enqueueStored(address, others, false)]);
  }

  /** Returns undefined when deliveries have to be stored before they are sent. */
  async #directSender(address: DispatcherAddress): Promise<EndpointSender | undefined> {
    const { store, endpoint } = this.#options;
    if (!this.#isDirect()) return undefined;
    if (store.address() === undefined) this.#transaction(() => store.create(address));
    const row = await endpoint.read(address.endpointId).catch(() => undefined);
    const isActive =
      row?.opened.endpoint.state === "active" && (row.opened.readable || row.opened.endpoint.kind === "queue");
    return isActive && this.#isDirect() ? row.sender : undefined;
  }

  #isDirect(): boolean {
    const { isAwake, disable, breaker } = this.#options;
    const nowMs = Date.now();
    return !isAwake() && !disable.isPending() && this.direct.accepts(nowMs) && isHealthy(breaker.current(), nowMs);
  }

  async #enqueueStored(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<void> {
    if (deliveries.length === 0) return;
    const { storage, breaker, wake } = this.#options;
    const options = { resend, nowMs: Date.now() };
    this.direct.storeKeys(new Set(deliveries.flatMap(({ orderKey }) => orderKey ?? [])));
    this.#transaction(() =>
      this.#add(
        address,
        deliveries.map((delivery) => [delivery, options]),
      ),
    );
    breaker.noteWritten();
    wake();
    await storage.sync();
  }

  #transaction(write: () => void): void {
    const { store, storage } = this.#options;
    try {
      storage.transactionSync(write);
    } catch (error) {
      // The transaction may have created the tables.
      store.forget();
      throw error;
    }
  }

  /** Stores deliveries inside a transaction, and decides to disable the endpoint when too many wait. */
  #add(address: DispatcherAddress, deliveries: readonly (readonly [NewDelivery, AddOptions])[]): void {
    const { store, backlog, bounds, disable } = this.#options;
    const seqs = deliveries.flatMap(([delivery, options]) => store.add(address, delivery, options) ?? []);
    if (seqs.length === 0 || !backlog.isOver(Math.max(...seqs), bounds(address))) return;
    disable.request({ reason: "backlog", lastStatus: null });
    this.#isOverfull = true;
  }
}
