import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { nextBatch } from "../../domain/delivery/batch.ts";
import type { Breaker } from "../../domain/delivery/breaker.ts";
import type { ByteBudget } from "../../domain/limits/byte-budget.ts";
import type { Deferred } from "../deferred.ts";
import type { AttemptResult, EndedAttempt } from "./delivery-attempt.ts";
import type { DueDelivery } from "./delivery-rows.ts";
import type { AddOptions, DeliveryStore } from "./delivery-store.ts";
import type { EndpointSender } from "./endpoint-sender.ts";

/** A delivery in memory. */
export interface DirectItem {
  readonly sender: EndpointSender;
  readonly delivery: DueDelivery;
  isStored: boolean;
  /** Nothing about it is written any more. */
  isErased: boolean;
  /** Settles when the delivery is stored, or written as delivered. */
  done: Deferred<void>;
  readonly release: () => void;
}

export interface DirectDeliveriesOptions {
  readonly store: DeliveryStore;
  readonly breaker: () => Breaker;
  /** Runs synchronous writes as one transaction. */
  readonly transaction: (write: () => void) => void;
  /** Resolves when everything that was written is on disk. */
  readonly sync: () => Promise<void>;
  /** Stores deliveries, inside a transaction. */
  readonly add: (deliveries: readonly (readonly [NewDelivery, AddOptions])[]) => void;
  /** Called after deliveries were stored: they have to be sent, or sent again, from the storage. */
  readonly onStored: () => void;
  /** Writes the results of stored deliveries, or keeps them until the storage accepts them. */
  readonly record: (ended: readonly EndedAttempt[]) => void;
  /** Called with each delivery that succeeded without being stored. */
  readonly onDelivered: (result: AttemptResult) => void;
  /** Called when an attempt has ended, so that a connection is free. */
  readonly onEnded: () => void;
  /** Called when a result could not be written. */
  readonly onUnrecorded: () => void;
  /** Limits the bodies of all endpoints in this isolate. */
  readonly budget: ByteBudget;
}

/** Returns the deliveries of the next request. Of each order key only one is in flight, so a batch has at most one of each. */
export function nextItems(waiting: readonly DirectItem[], inFlight: Iterable<DirectItem>): readonly DirectItem[] {
  const keys = new Set(Array.from(inFlight, ({ delivery }) => delivery.orderKey));
  const ready: DirectItem[] = [];
  for (const item of waiting) {
    const { sender } = ready[0] ?? item;
    if (ready.length === sender.limits.events || item.sender !== sender) break;
    const { orderKey } = item.delivery;
    if (orderKey !== null && keys.has(orderKey)) continue;
    keys.add(orderKey);
    ready.push(item);
  }
  const [first] = ready;
  if (first === undefined) return [];
  const batch = nextBatch(
    ready.map(({ delivery }) => delivery),
    first.sender.limits,
  );
  return ready.slice(0, batch.length);
}

/** Returns the deliveries that have one of these order keys. */
export function itemsWithKeys(
  items: readonly DirectItem[],
  orderKeys: ReadonlySet<string | null>,
): readonly DirectItem[] {
  return items.filter(({ delivery: { orderKey } }) => orderKey !== null && orderKeys.has(orderKey));
}
