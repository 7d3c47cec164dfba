import { runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import { destination, dispatcher, type TestEndpoint, useEndpoints } from "../../support/endpoints/endpoints.ts";
import { APP } from "../../support/setup/settings.ts";
import { failStorage } from "../../support/storage/faults.ts";

const { add } = useEndpoints();
let ids = 0;
const newDelivery = (orderKey: string | null = null, bytes = 2): NewDelivery => ({
  id: `evt_${(++ids).toString(16).padStart(32, "0")}`,
  type: "ContactCreate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey,
  headers: {},
  body: new Uint8Array(bytes).fill(32),
});
const enqueue = (to: TestEndpoint, ...deliveries: NewDelivery[]): Promise<boolean> =>
  dispatcher(to).enqueue({ app: APP, endpointId: to.endpoint.id, shard: 0 }, deliveries, false);
const postedTo = async (to: TestEndpoint) =>
  (await destination.received(to)).map(({ headers }) => headers["webhook-id"]!);
const LATER = { timeout: 60_000, interval: 20 };
const posts = (to: TestEndpoint, count: number) =>
  vi.waitFor(async () => expect(await postedTo(to)).toHaveLength(count), LATER);
const rowsOf = (to: TestEndpoint) =>
  runInDurableObject(dispatcher(to), (_object, { storage }) =>
    storage.sql.exec<{ id: string; state: string }>("SELECT id, state FROM delivery ORDER BY seq").toArray(),
  );
const delivered = (to: TestEndpoint, count: number) =>
  vi.waitFor(async () => {
    const { items } = await dispatcher(to).deliveries({}, 100);
    expect(items.filter(({ state }) => state === "delivered")).toHaveLength(count);
  }, LATER);

it("two calls with the same delivery have it sent once, also when both wait for the row of the endpoint", async () => {
  const endpoint = await add({ types: [] });
  const delivery = newDelivery();
  await runInDurableObject(dispatcher(endpoint), async (object) => {
    const address = { app: APP, endpointId: endpoint.endpoint.id, shard: 0 };
    await Promise.all([1, 2, 3].map(() => object.enqueue(address, [delivery], false)));
  });
  expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
});

it("a delivery that is stored waits behind one with its key that is in memory and fails", async () => {
  const endpoint = await add({ types: [], ordered: true });
  await destination.behave(endpoint, { hang: true, status: 500, times: 1 });
  // The second one is too large for the memory.
  const [first, second] = [newDelivery("k"), newDelivery("k", 3 * 1_048_576)];
  const enqueued = enqueue(endpoint, first, second);
  await posts(endpoint, 1);
  await destination.release(endpoint);
  await enqueued;
  await delivered(endpoint, 2);
  expect(await postedTo(endpoint)).toEqual([first.id, first.id, second.id]);
});

it("a delivery that succeeds while the breaker cannot be written is not stuck in memory", async () => {
  const endpoint = await add({ types: [] });
  await enqueue(endpoint, newDelivery());
  const delivery = newDelivery();
  await destination.behave(endpoint, { hang: true });
  // The first one fails while the other is in flight, so that the success of the other changes the breaker.
  const enqueued = enqueue(endpoint, delivery).catch(() => false);
  await posts(endpoint, 2);
  await runInDurableObject(dispatcher(endpoint), (_object, { storage }) => storage.sync());
  await destination.behave(endpoint, { status: 500, times: 1 });
  await enqueue(endpoint, newDelivery());
  await failStorage({ kv: (operation, key) => operation === "put" && key === "breaker" });
  await destination.release(endpoint);
  await enqueued;
  vi.restoreAllMocks();
  expect(await enqueue(endpoint, delivery)).toBe(true);
});

it("a result of a stored delivery that cannot be written is kept, and the delivery is not posted again", async () => {
  const endpoint = await add({ types: [] });
  await destination.behave(endpoint, { hang: true, times: 1 });
  const delivery = newDelivery();
  await enqueue(endpoint, delivery);
  expect(await rowsOf(endpoint)).toMatchObject([{ id: delivery.id, state: "due" }]);
  await failStorage({ sql: (query) => query.includes("UPDATE delivery"), kv: (operation) => operation === "put" });
  await destination.release(endpoint);
  await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.openUntilMs).not.toBeNull(), LATER);
  vi.restoreAllMocks();
  await delivered(endpoint, 1);
  expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
});

it("deliveries of an erased resource that are in flight leave nothing behind", async () => {
  for (const status of [200, 500]) {
    const endpoint = await add({ types: [] });
    await destination.behave(endpoint, { hang: true, status, times: 1 });
    const enqueued = enqueue(endpoint, newDelivery());
    await posts(endpoint, 1);
    expect(await dispatcher(endpoint).erase({ kind: "location", id: "l1" })).toBe(1);
    await destination.release(endpoint);
    await enqueued;
    expect((await dispatcher(endpoint).deliveries({}, 10)).items).toEqual([]);
    expect(await rowsOf(endpoint)).toEqual([]);
  }
});

it("deliveries that wait behind a slow one are sent when it has ended, and not after its lease", async () => {
  const endpoint = await add({ types: [], ordered: true });
  await destination.behave(endpoint, { hang: true, times: 1 });
  await enqueue(endpoint, newDelivery("k"), newDelivery("k"));
  // The alarm that the stored deliveries have set is over.
  await vi.waitFor(async () => {
    const alarmAtMs = await runInDurableObject(dispatcher(endpoint), (_object, { storage }) => storage.getAlarm());
    expect(alarmAtMs).toBeGreaterThan(Date.now() + 5_000);
  }, LATER);
  const { createdAtMs } = (await dispatcher(endpoint).deliveries({}, 10)).items[0]!;
  await destination.release(endpoint);
  await delivered(endpoint, 2);
  const { items } = await dispatcher(endpoint).deliveries({}, 10);
  expect(items[0]!.attempts[0]!.atMs).toBeLessThan(createdAtMs + 20_000);
});
