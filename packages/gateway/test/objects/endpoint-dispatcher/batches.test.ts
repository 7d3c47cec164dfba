import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayBatch, writeEnvelope } from "@ghl-edge/webhooks/gateway";
import { describe, expect, it, vi } from "vitest";
import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import type { Received } from "../../support/endpoints/destination.ts";
import {
  arrived,
  destination,
  dispatcher,
  ringLater,
  type TestEndpoint,
  useEndpoints,
} from "../../support/endpoints/endpoints.ts";
import { APP } from "../../support/setup/settings.ts";

const { add } = useEndpoints();
let ids = 0;
const newId = (): string => `evt_${(++ids).toString(16).padStart(32, "0")}`;
const envelope = (id: string, data = "{}"): Uint8Array =>
  writeEnvelope(
    { id, type: "ContactCreate", timestampMs: 1, receivedAtMs: 1, app: APP, resource: null, source: "highlevel" },
    new TextEncoder().encode(data),
  );
const newDelivery = (orderKey: string | null = null, id = newId(), body = envelope(id)): NewDelivery => ({
  id,
  type: "ContactCreate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey,
  headers: {},
  body,
});
const many = (count: number) => Array.from({ length: count }, () => newDelivery());
const enqueue = (to: TestEndpoint, deliveries: readonly NewDelivery[]): Promise<boolean> =>
  dispatcher(to).enqueue({ app: APP, endpointId: to.endpoint.id, shard: 0 }, deliveries, false);
const open = async ({ secret }: TestEndpoint, { body, headers }: Received) =>
  (await verifyGatewayBatch({ body, headers, secrets: [secret] })).map(({ id }) => id);
const reports = async (of: TestEndpoint) => {
  const { items } = await dispatcher(of).deliveries({}, 200);
  return new Map(items.map((item) => [item.id, item]));
};
const addBatched = (settings: Partial<EndpointSettings> = {}) => add({ types: [], batchSize: 100, ...settings });

/** The two ways of a delivery: sent from memory, or stored first and sent from there. */
const WAYS = ["from memory", "from the storage"] as const;
async function send(to: TestEndpoint, deliveries: readonly NewDelivery[], way: (typeof WAYS)[number]): Promise<void> {
  if (way === "from memory") {
    await enqueue(to, deliveries);
    return;
  }
  const object = dispatcher(to);
  // A replay is stored first.
  await object.enqueue({ app: APP, endpointId: to.endpoint.id, shard: 0 }, deliveries, true);
}
const ended = (of: TestEndpoint, count: number, states: readonly string[] = ["delivered"]) =>
  vi.waitFor(
    async () => {
      const all = [...(await reports(of)).values()].filter(({ attempts }) => attempts.length > 0);
      expect(all.map(({ state }) => state).filter((state) => states.includes(state))).toHaveLength(count);
    },
    { timeout: 20_000 },
  );

describe.each(WAYS)("a batch that is sent %s", (way) => {
  it("a batch has many events in one request, with one signature", async () => {
    const endpoint = await addBatched();
    const deliveries = many(100);
    await send(endpoint, deliveries, way);
    await ended(endpoint, 100);
    const requests = await destination.received(endpoint);
    expect(requests).toHaveLength(1);
    expect(requests[0]!.headers["webhook-id"]).toMatch(/^batch_/);
    expect((await open(endpoint, requests[0]!)).sort()).toEqual(deliveries.map(({ id }) => id).sort());
  });

  it("the events that the endpoint names are sent again, and the others are not", async () => {
    const endpoint = await addBatched();
    const deliveries = many(10);
    const [bad] = deliveries;
    const body = JSON.stringify({ failed: [{ id: bad!.id, retryAfterMs: 60_000 }] });
    await destination.behave(endpoint, { body, headers: { "content-type": "application/json" }, times: 1 });
    await send(endpoint, deliveries, way);
    await ended(endpoint, 9);
    const all = await reports(endpoint);
    expect(all.get(bad!.id)).toMatchObject({
      state: "due",
      attempts: [{ status: 200, code: "ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED" }],
    });
    expect(all.get(bad!.id)!.nextAttemptAtMs! - Date.now()).toBeGreaterThan(50_000);
    expect([...all.values()].filter(({ state }) => state === "delivered")).toHaveLength(9);
    await ringLater(endpoint, 70_000);
    const [, again] = await arrived(endpoint, 2);
    expect(JSON.parse(again!.body)).toMatchObject({ events: [{ id: bad!.id }] });
  });

  it("a batch that the endpoint does not accept fails as a whole, and counts once for the breaker", async () => {
    const endpoint = await addBatched();
    await destination.behave(endpoint, { status: 500 });
    await send(endpoint, many(20), way);
    await ended(endpoint, 20, ["due"]);
    expect([...(await reports(endpoint)).values()].every(({ attempts }) => attempts.length === 1)).toBe(true);
    expect((await dispatcher(endpoint).status()).breaker).toMatchObject({ failures: 1, openUntilMs: null });
  });

  it("a batch with a body that the endpoint refuses is divided until only the bad events fail", async () => {
    const endpoint = await addBatched();
    const deliveries = many(8);
    // The endpoint refuses the whole, the first half and its first quarter, and then the first event.
    await destination.behave(endpoint, { status: 413, times: 4 });
    await send(endpoint, deliveries, way);
    await ended(endpoint, 7);
    const sizes = (await destination.received(endpoint)).map(({ body }) => JSON.parse(body).events.length as number);
    expect(sizes).toEqual([8, 4, 2, 1, 1, 2, 4]);
    const failed = [...(await reports(endpoint)).values()].filter(({ state }) => state === "due");
    expect(failed).toMatchObject([{ attempts: [{ status: 413 }] }]);
  });

  it("a batch is at most 1 MiB, and a larger event is sent alone", async () => {
    const endpoint = await addBatched();
    const large = (bytes: number) => {
      const id = newId();
      return newDelivery(null, id, envelope(id, JSON.stringify("x".repeat(bytes))));
    };
    await send(endpoint, [large(600_000), large(600_000), large(10), large(1_100_000)], way);
    await ended(endpoint, 4);
    const sizes = (await destination.received(endpoint)).map(({ body }) => JSON.parse(body).events.length as number);
    expect(sizes.sort()).toEqual([1, 1, 2]);
  });

  it("events of one contact are in different batches, in their order", async () => {
    const endpoint = await addBatched({ ordered: true });
    const keyed = (key: string) => [1, 2, 3].map(() => newDelivery(key));
    const [one, other] = [keyed("one"), keyed("other")];
    await send(endpoint, [...one, ...other], way);
    await ended(endpoint, 6);
    const batches = await Promise.all((await destination.received(endpoint)).map((request) => open(endpoint, request)));
    for (const key of [one, other]) {
      const own = key.map(({ id }) => id);
      expect(batches.flat().filter((id) => own.includes(id))).toEqual(own);
      for (const batch of batches) expect(batch.filter((id) => own.includes(id)).length).toBeLessThanOrEqual(1);
    }
    expect(batches.length).toBeLessThan(6);
  });
});

it("an answer whose body never ends accepts no event", async () => {
  const endpoint = await addBatched();
  await destination.behave(endpoint, { endless: true, headers: { "content-type": "application/json" }, times: 1 });
  await enqueue(endpoint, many(2));
  await ended(endpoint, 2, ["due"]);
  const [report] = [...(await reports(endpoint)).values()];
  expect(report!.attempts).toMatchObject([{ status: 200, code: "ERR_GHL_GATEWAY_DESTINATION_UNREADABLE" }]);
});

it("an answer that is not JSON accepts all events, whatever its body is", async () => {
  const endpoint = await addBatched();
  await destination.behave(endpoint, {
    body: '{"failed":[{"id":"evt_x"}]}',
    headers: { "content-type": "text/plain" },
  });
  await enqueue(endpoint, many(3));
  await ended(endpoint, 3);
  await destination.behave(endpoint, { body: "ok", headers: { "content-type": "application/json" } });
  await enqueue(endpoint, many(3));
  await ended(endpoint, 6);
});

it("the same events have the same webhook-id at each attempt", async () => {
  const endpoint = await addBatched();
  await destination.behave(endpoint, { status: 500, times: 1 });
  await enqueue(endpoint, many(5));
  await ended(endpoint, 5, ["due"]);
  await ringLater(endpoint, 10_000);
  const [first, second] = await arrived(endpoint, 2);
  expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]);
});

it("an endpoint with batches gets a single event as a batch, and one without gets an envelope", async () => {
  const [batched, single] = [await addBatched(), await add({ types: [] })];
  for (const endpoint of [batched, single]) await enqueue(endpoint, many(1));
  const [[one], [other]] = [await arrived(batched, 1), await arrived(single, 1)];
  expect(JSON.parse(one!.body)).toMatchObject({ events: [{ type: "ContactCreate" }] });
  expect(JSON.parse(other!.body)).toMatchObject({ type: "ContactCreate" });
});

it("a queue gets a message for each event in one call, and an event that is too large fails alone", async () => {
  const endpoint = await addBatched({ kind: "queue", target: "TESTS" });
  const sendBatch = vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "sendBatch");
  const id = newId();
  const large = newDelivery(null, id, envelope(id, JSON.stringify("x".repeat(130_000))));
  const deliveries = many(5);
  await enqueue(endpoint, [large, ...deliveries]);
  await ended(endpoint, 5);
  const messages = [...(sendBatch.mock.calls[0]![0] as Iterable<MessageSendRequest>)];
  expect(messages.map(({ body }) => JSON.parse(String(body)).id)).toEqual(deliveries.map((one) => one.id));
  expect((await reports(endpoint)).get(id)).toMatchObject({ state: "dead" });
});

it("a batch of a queue that fails is sent again", async () => {
  const endpoint = await addBatched({ kind: "queue", target: "TESTS" });
  vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "sendBatch").mockRejectedValueOnce(new Error("too many"));
  await enqueue(endpoint, many(5));
  await ended(endpoint, 5, ["due"]);
  await ringLater(endpoint, 10_000);
  await ended(endpoint, 5);
  await runDurableObjectAlarm(dispatcher(endpoint));
});
