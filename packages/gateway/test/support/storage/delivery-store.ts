import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import type { DueDelivery } from "../../../src/objects/endpoint-dispatcher/delivery-rows.ts";
import type { DeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";

export const ADDRESS = { app: "main", endpointId: "ep_store", shard: 0 };
export const ALL = { deliveries: 6, bytes: 1_000_000 };
let objects = 0;

/** Runs `work` with the storage of a new object. */
export const inStorage = <Result>(work: (storage: DurableObjectStorage) => Result | Promise<Result>): Promise<Result> =>
  runInDurableObject(env.EVENT_BUFFER.getByName(`store-${++objects}`), (_object, { storage }) => work(storage));

export const newDelivery = (id: string, orderKey: string | null, bytes = 2): NewDelivery => ({
  id,
  type: "ContactUpdate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey,
  headers: {},
  body: new Uint8Array(bytes),
});

/** Records an attempt of a delivery with its next state and the time of the next attempt. */
export const record = (
  store: DeliveryStore,
  delivery: DueDelivery,
  [state, nextAttemptAtMs]: ["due" | "delivered" | "dead", number | null],
) => store.record(delivery, { state, nextAttemptAtMs, attempt: { atMs: 0, durationMs: 1, status: 200, code: null } });
