import { runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import {
  arrived,
  destination,
  dispatcher,
  type TestEndpoint,
  useEndpoints,
} from "../../support/endpoints/endpoints.ts";
import { APP } from "../../support/setup/settings.ts";

const { add } = useEndpoints();
let ids = 0;
const newId = (): string => `evt_${(++ids).toString(16).padStart(32, "0")}`;
const newDelivery = (id: string, orderKey: string | null = null): NewDelivery => ({
  id,
  type: "ContactCreate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify({ id })),
});
const enqueue = (to: TestEndpoint, deliveries: readonly NewDelivery[]): Promise<boolean> =>
  dispatcher(to).enqueue({ app: APP, endpointId: to.endpoint.id, shard: 0 }, deliveries, false);
const rowsOf = (to: TestEndpoint) =>
  runInDurableObject(dispatcher(to), (_object, { storage }) => ({
    stored: storage.sql.exec<{ state: string }>("SELECT state FROM delivery").toArray(),
    blocks: storage.sql.exec("SELECT block FROM delivered_block").toArray().length,
  }));

it("a delivery that succeeds at once is recorded in a block before its inbox is answered, and has no row", async () => {
  const endpoint = await add({ types: [] });
  const id = newId();
  expect(await enqueue(endpoint, [newDelivery(id)])).toBe(true);
  expect(await rowsOf(endpoint)).toEqual({ stored: [], blocks: 1 });
  expect(await dispatcher(endpoint).deliveries({}, 10)).toMatchObject({
    items: [{ id, state: "delivered", nextAttemptAtMs: null, attempts: [{ status: 200, code: null }] }],
  });
  await enqueue(endpoint, [newDelivery(id)]);
  expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
});

it("a delivery that fails is stored with its attempt, and waits for its next one", async () => {
  const endpoint = await add({ types: [] });
  await destination.behave(endpoint, { status: 500, times: 1 });
  await enqueue(endpoint, [newDelivery(newId()), newDelivery(newId())]);
  const { items } = await dispatcher(endpoint).deliveries({}, 10);
  expect(items.map(({ state }) => state).sort()).toEqual(["delivered", "due"]);
  const due = items.find(({ state }) => state === "due")!;
  expect(due.attempts).toMatchObject([{ status: 500 }]);
  expect(due.nextAttemptAtMs).toBeGreaterThan(Date.now());
});

it("an endpoint that does not answer within a second makes its inboxes wait no longer", async () => {
  const endpoint = await add({ types: [] });
  await destination.behave(endpoint, { hang: true });
  const startMs = Date.now();
  await enqueue(
    endpoint,
    Array.from({ length: 10 }, () => newDelivery(newId())),
  );
  const firstMs = Date.now() - startMs;
  expect((await rowsOf(endpoint)).stored).toHaveLength(10);
  // Later deliveries are stored at once.
  const againMs = Date.now();
  await enqueue(endpoint, [newDelivery(newId())]);
  expect(firstMs).toBeGreaterThanOrEqual(990);
  expect(Date.now() - againMs).toBeLessThan(firstMs);
  // The connections of the endpoint are in use, so nothing more is sent.
  expect(await destination.count(endpoint)).toMatchObject({ count: 6 });
  await destination.behave(endpoint, {});
  await destination.release(endpoint);
  await vi.waitFor(
    async () => expect((await rowsOf(endpoint)).stored.every(({ state }) => state === "delivered")).toBe(true),
    { timeout: 20_000 },
  );
  expect(await destination.count(endpoint)).toMatchObject({ count: 11, distinct: 11 });
});

it("deliveries with the same key are sent one after the other, and wait behind one that failed", async () => {
  const endpoint = await add({ types: [], ordered: true });
  const [first, second, third] = [newId(), newId(), newId()];
  await destination.behave(endpoint, { status: 500, times: 1 });
  await enqueue(endpoint, [newDelivery(first, "k"), newDelivery(second, "k")]);
  await enqueue(endpoint, [newDelivery(third, "k"), newDelivery(newId(), "other")]);
  await arrived(endpoint, 2);
  const sent = (await destination.received(endpoint)).map(({ headers }) => headers["webhook-id"]);
  expect(sent.filter((id) => id === second || id === third)).toEqual([]);
  // The delivery with another key may be stored too, because the endpoint has just failed.
  expect((await rowsOf(endpoint)).stored.length).toBeGreaterThanOrEqual(3);
});

it("two inboxes that hand over the same delivery at the same time have it sent once", async () => {
  const endpoint = await add({ types: [] });
  const delivery = newDelivery(newId());
  expect(await Promise.all([enqueue(endpoint, [delivery]), enqueue(endpoint, [delivery])])).toEqual([true, true]);
  expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
});

it("a hundred deliveries at once are written in a few blocks", async () => {
  const endpoint = await add({ types: [] });
  await enqueue(
    endpoint,
    Array.from({ length: 100 }, () => newDelivery(newId())),
  );
  const { stored, blocks } = await rowsOf(endpoint);
  expect((await dispatcher(endpoint).deliveries({}, 200)).items).toHaveLength(100);
  // A slow machine stores those that a second does not suffice for.
  expect(blocks).toBeLessThan((100 - stored.length) / 2);
});

it("a delivery that was written in a block is not sent again when its endpoint takes new ones through the storage", async () => {
  const endpoint = await add({ types: [] });
  const delivered = newDelivery(newId());
  await enqueue(endpoint, [delivered]);
  await destination.behave(endpoint, { status: 500, times: 1 });
  const failed = newDelivery(newId());
  await enqueue(endpoint, [failed]);
  await enqueue(endpoint, [delivered, failed]);
  expect((await rowsOf(endpoint)).stored).toEqual([{ state: "due" }]);
  expect(await destination.count(endpoint)).toMatchObject({ count: 2, distinct: 2 });
});
