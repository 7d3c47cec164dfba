import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyWebhook } from "@ghl-edge/webhooks";
import {
  createDeliverySecret,
  createDeliveryVerifier,
  type GatewayDelivery,
  verifyGatewayDelivery,
} from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDirectory } from "../../../src/directory/read-directory.ts";
import { eventId } from "../../../src/domain/inbox-event.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import {
  addEndpoint,
  arrived,
  dispatcher,
  receiver,
  removeEndpoint,
  ringLater,
  setSecrets,
  type TestEndpoint,
} from "../../support/endpoints.ts";
import { call, deliver, settled, upstream } from "../../support/gateway.ts";
import type { Received } from "../../support/receiver.ts";
import { APP, LOCATIONS, RECEIVER } from "../../support/settings.ts";

const locations = [...LOCATIONS];
let location: string;
let endpoints: TestEndpoint[] = [];
const add = async (...args: Parameters<typeof addEndpoint>): Promise<TestEndpoint> => {
  const added = await addEndpoint(...args);
  endpoints.push(added);
  return added;
};
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const change = () => ({ actor: "test", requestId: "test", nowMs: Date.now() });
const stateOf = async (endpoint: TestEndpoint) =>
  (await dispatcher(endpoint).deliveries({}, 100)).items.map(({ state }) => state);
const open = ({ secret }: TestEndpoint, { body, headers }: Received, atMs?: number): Promise<GatewayDelivery> =>
  verifyGatewayDelivery({ body, headers, secrets: [secret], ...(atMs === undefined ? {} : { now: () => atMs }) });

beforeEach(() => {
  location = locations.shift()!;
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const endpoint of endpoints) {
    await receiver.release(endpoint);
    await removeEndpoint(endpoint);
  }
  endpoints = [];
});

describe("an event", () => {
  it("arrives signed, with its name, place and payload as HighLevel wrote it", async () => {
    const endpoint = await add();
    const sent = await upstream.sign("ContactCreate", { locationId: location, firstName: "Zoë" });
    const headers = { "x-ghl-signature": sent.signature };
    await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body });
    const [received] = await arrived(endpoint, 1);
    const delivery = await open(endpoint, received!);
    expect(delivery).toMatchObject({ name: "ContactCreate", app: APP, source: "highlevel" });
    expect(delivery.resource).toEqual({ kind: "location", id: location });
    expect(delivery.event).toMatchObject({ firstName: "Zoë" });
    expect(received!.body).toContain(`"data":${sent.body}}`);
    expect(received!.headers["webhook-id"]).toBe(delivery.id);
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
  });

  it("goes to the endpoints that match its name, resource and payload", async () => {
    const wants = {
      all: await add(),
      name: await add({ types: ["ContactCreate"] }),
      family: await add({ types: ["Contact*"] }),
      otherName: await add({ types: ["ContactDelete", "Opportunity*"] }),
      place: await add({ resources: [{ kind: "location", id: location }] }),
      otherPlace: await add({ resources: [{ kind: "location", id: "elsewhere" }] }),
      payload: await add({ filter: { tags: [{ prefix: "vip-" }], firstName: ["Ada"] } }),
      otherPayload: await add({ filter: { firstName: [{ "anything-but": "Ada" }] } }),
      disabled: await add({ state: "disabled" }),
    };
    await deliver("ContactCreate", { locationId: location, firstName: "Ada", tags: ["new", "vip-1"] });
    await Promise.all([wants.all, wants.name, wants.family, wants.place, wants.payload].map((one) => arrived(one, 1)));
    for (const one of [wants.otherName, wants.otherPlace, wants.otherPayload, wants.disabled])
      expect(await stateOf(one)).toEqual([]);
  });

  it("in raw format is HighLevel's bytes with HighLevel's signature, and ours", async () => {
    const endpoint = await add({ format: "raw" });
    const { secret } = endpoint;
    await deliver("ContactUpdate", { locationId: location, id: "c1" });
    const [{ body, headers } = {} as Received] = await arrived(endpoint, 1);
    const verified = await verifyWebhook({ body, headers, keys: [await upstream.publicKey()] });
    expect(verified.payload).toMatchObject({ type: "ContactUpdate", id: "c1" });
    const ours = await createDeliveryVerifier({ secrets: [secret] }).verifySignature({ body, headers });
    expect(ours.id).toBe(headers["webhook-id"]);
  });

  it("that came twice, and one that is handed over twice, is delivered once", async () => {
    const endpoint = await add();
    const sent = await upstream.sign("ContactCreate", { locationId: location });
    const headers = { "x-ghl-signature": sent.signature };
    // The dispatcher has stored it, and the inbox does not learn of it.
    const original = EndpointDispatcher.prototype.enqueue;
    vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementationOnce(async function (this: never, ...args) {
      await original.apply(this, args);
      throw new Error("answer lost");
    });
    for (let i = 0; i < 3; i++) await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body });
    await settled(`location:${location}:${new Date().toISOString().slice(0, 10)}`);
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
    expect(await receiver.count(endpoint)).toEqual({ count: 1, distinct: 1 });
  });

  it("is handed over later where the dispatcher cannot be reached, or the directory", async () => {
    const endpoint = await add();
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${new Date().toISOString().slice(0, 10)}`);
    const enqueue = vi
      .spyOn(EndpointDispatcher.prototype, "enqueue")
      .mockImplementation(() => Promise.reject(new Error("broken")));
    const post = async () => {
      const { body, signature } = await upstream.sign("ContactCreate", { locationId: location });
      return call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
    };
    expect((await post()).status).toBe(200);
    await vi.waitFor(() => expect(enqueue).toHaveBeenCalledTimes(2));
    enqueue.mockRestore();
    await arrived(endpoint, 1);

    // A new endpoint clears the cached endpoints.
    await add({ types: ["endpoint.disabled"] });
    const prepare = vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    expect((await post()).status).toBe(200);
    const pending = () =>
      runInDurableObject(inbox, (_object, { storage }) => storage.sql.exec("SELECT task FROM event_task").toArray());
    await vi.waitFor(async () => expect(await pending()).toEqual([{ task: "route" }]));
    prepare.mockRestore();
    await arrived(endpoint, 2);
  });

  it("from outside the window is quarantined: nobody is sent it", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const timestamp = new Date(Date.now() - 100 * HOUR_MS).toISOString();
    await deliver("ContactCreate", { locationId: location, timestamp });
    expect(await stateOf(endpoint)).toEqual([]);
  });
});

describe("a receiver that fails", () => {
  it("is tried nine times over two days under one id, signed again each time; then it is dead, which is reported", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const informed = await add({ types: ["event.dead"] });
    await receiver.behave(endpoint, { status: 500 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    const delays = [
      6_000,
      36_000,
      6 * MINUTE_MS,
      36 * MINUTE_MS,
      2.4 * HOUR_MS,
      6 * HOUR_MS,
      12 * HOUR_MS,
      29 * HOUR_MS,
    ];
    for (const [i, delay] of delays.entries()) {
      await vi.waitFor(async () =>
        expect((await dispatcher(endpoint).deliveries({}, 1)).items[0]!.attempts).toHaveLength(i + 1),
      );
      await ringLater(endpoint, delay);
      await arrived(endpoint, i + 2);
    }
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["dead"]));
    const received = await receiver.received(endpoint);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers["webhook-signature"])).size).toBe(9);
    // Alarms of this future day run only when the test runs them.
    const day = new Date().toISOString().slice(0, 10);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${day}`));
      await runDurableObjectAlarm(dispatcher(informed));
      expect(await receiver.count(informed)).toMatchObject({ count: 1 });
    });
    const [dead] = await arrived(informed, 1);
    const delivery = await open(informed, dead!, Date.now());
    expect(delivery).toMatchObject({ name: "event.dead", source: "gateway", resource: { id: location } });
    expect(delivery.event).toMatchObject({ endpointId: endpoint.endpoint.id, attempts: 9, lastStatus: 500 });
    // A retry by an operator restores all its tries, and its body is still there.
    await receiver.behave(endpoint, {});
    expect(await dispatcher(endpoint).retryDead({}, true)).toBe(1);
    expect(await dispatcher(endpoint).retryDead({}, false)).toBe(1);
    await runDurableObjectAlarm(dispatcher(endpoint));
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
  }, 60_000);

  it("by breaking the connection, by a redirect and by 4xx, is tried again; nobody follows the redirect", async () => {
    for (const behaviour of [
      { broken: true },
      { status: 302, headers: { location: `${RECEIVER}/elsewhere` } },
      { status: 400 },
    ]) {
      const endpoint = await add();
      await receiver.behave(endpoint, { ...behaviour, times: 1 });
      await deliver("ContactCreate", { locationId: location, name: JSON.stringify(behaviour) });
      await arrived(endpoint, 1);
      await vi.waitFor(async () =>
        expect((await dispatcher(endpoint).deliveries({}, 1)).items[0]!.attempts).toHaveLength(1),
      );
      await ringLater(endpoint, 7_000);
      await arrived(endpoint, 2);
      await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
      vi.useRealTimers();
      await removeEndpoint(endpoint);
    }
  });

  it("and says when to come back receives everything then", async () => {
    const endpoint = await add();
    await receiver.behave(endpoint, { status: 429, headers: { "retry-after": "120" }, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.openUntilMs).not.toBeNull());
    await deliver("ContactUpdate", { locationId: location });
    await ringLater(endpoint, 100_000);
    expect(await receiver.count(endpoint)).toMatchObject({ count: 1 });
    await ringLater(endpoint, 30_000);
    await arrived(endpoint, 3);
  });

  it("five times in a row is sent nothing for a while, then one delivery as a probe", async () => {
    const endpoint = await add();
    await receiver.behave(endpoint, { status: 503 });
    for (let i = 0; i < 8; i++) await deliver("ContactCreate", { locationId: location, i });
    await vi.waitFor(async () =>
      expect((await dispatcher(endpoint).status()).breaker.failures).toBeGreaterThanOrEqual(5),
    );
    const { count } = await receiver.count(endpoint);
    expect(count).toBeLessThanOrEqual(8);
    await ringLater(endpoint, 12_000);
    await vi.waitFor(async () => expect((await receiver.count(endpoint)).count).toBe(count + 1));
    expect((await dispatcher(endpoint).status()).breaker.openings).toBe(2);
    // The probe succeeds: everything else follows at once.
    await receiver.behave(endpoint, {});
    await ringLater(endpoint, 60_000);
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(Array.from({ length: 8 }, () => "delivered")));
  });

  it("with 410 is disabled, which is reported, and receives nothing more", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const informed = await add({ types: ["endpoint.disabled"] });
    await receiver.behave(endpoint, { status: 410 });
    await deliver("ContactCreate", { locationId: location });
    const [report] = await arrived(informed, 1);
    expect((await open(informed, report!)).event).toMatchObject({
      endpointId: endpoint.endpoint.id,
      reason: "gone",
      lastStatus: 410,
    });
    const { endpoints: rows } = readDirectory(env);
    expect(await rows.find(endpoint.endpoint.id)).toMatchObject({ state: "disabled", disabledBecause: "gone" });
    await deliver("ContactCreate", { locationId: location, again: true });
    expect(await receiver.count(endpoint)).toMatchObject({ count: 1 });
    // The in-flight delivery waits for the operator.
    expect(await stateOf(endpoint)).toEqual(["due"]);
  });

  it("for five days with everything is disabled", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    await receiver.behave(endpoint, { status: 500 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.failingSinceMs).not.toBeNull());
    await ringLater(endpoint, 5 * DAY_MS);
    const { endpoints: rows } = readDirectory(env);
    await vi.waitFor(async () =>
      expect(await rows.find(endpoint.endpoint.id)).toMatchObject({ state: "disabled", disabledBecause: "failing" }),
    );
  });

  it("by hanging holds up nobody else", async () => {
    const hanging = await add();
    const other = await add();
    await receiver.behave(hanging, { hang: true });
    for (let i = 0; i < 10; i++) await deliver("ContactCreate", { locationId: location, i });
    await arrived(other, 10);
    expect(await receiver.count(hanging)).toMatchObject({ count: 6 });
  });
});

describe("a dispatcher", () => {
  it("that dies while it sends, sends again under the same id", async () => {
    const endpoint = await add();
    await receiver.behave(endpoint, { hang: true, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await runInDurableObject(dispatcher(endpoint), (_object, state) => state.abort("proof")).catch(() => {});
    await vi.waitFor(
      async () => {
        await runDurableObjectAlarm(dispatcher(endpoint));
        expect(await stateOf(endpoint)).toEqual(["delivered"]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect((await receiver.count(endpoint)).distinct).toBe(1);
  });

  it("delivers the events of one contact one after the other when the endpoint is ordered, and others beside them", async () => {
    const endpoint = await add({ ordered: true, shards: 4 });
    await receiver.behave(endpoint, { status: 500, times: 1 });
    for (const n of [1, 2, 3]) await deliver("ContactUpdate", { locationId: location, id: "first", n });
    await deliver("NoteCreate", { locationId: location, contactId: "first", n: 4 });
    await deliver("ContactUpdate", { locationId: location, id: "second", n: 5 });
    const bodies = async () =>
      (await receiver.received(endpoint)).map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n);
    await vi.waitFor(async () => expect(await bodies()).toContain(5));
    expect((await bodies()).filter((n) => n !== 5)).toEqual([1]);
    for (let shard = 0; shard < 4; shard++) await ringLater(endpoint, 7_000, shard);
    await vi.waitFor(async () => expect((await bodies()).filter((n) => n !== 5)).toEqual([1, 1, 2, 3, 4]));
  });

  it("keeps what a paused endpoint is to get, and sends it when it is active again", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["due"]));
    const { endpoints: rows } = readDirectory(env);
    await rows.update(endpoint.endpoint.id, { ...endpoint.endpoint, state: "active" }, change());
    await dispatcher(endpoint).endpointChanged();
    await arrived(endpoint, 1);
  });

  it("of a paused endpoint reads its row again, in case the report of a change was lost", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    const looksInMs = async (): Promise<number> => {
      const alarmAtMs = await runInDurableObject(dispatcher(endpoint), (_object, { storage }) => storage.getAlarm());
      return (alarmAtMs ?? 0) - Date.now();
    };
    await vi.waitFor(async () => expect(await looksInMs()).toBeGreaterThan(4 * MINUTE_MS));
    expect(await looksInMs()).toBeLessThanOrEqual(5 * MINUTE_MS);
    const { endpoints: rows } = readDirectory(env);
    await rows.update(endpoint.endpoint.id, { ...endpoint.endpoint, state: "active" }, change());
    await ringLater(endpoint, 5 * MINUTE_MS);
    await arrived(endpoint, 1);
  });

  it("signs with two secrets while one is being replaced", async () => {
    const endpoint = await add();
    const next = createDeliverySecret();
    const signing = [
      { secret: next, untilMs: null },
      { secret: endpoint.secret, untilMs: Date.now() + DAY_MS },
    ];
    await setSecrets(endpoint, { signing });
    await deliver("ContactCreate", { locationId: location });
    const [received] = await arrived(endpoint, 1);
    for (const secret of [next, endpoint.secret])
      expect((await open({ ...endpoint, secret }, received!)).name).toBe("ContactCreate");
  });

  it("of an endpoint that was removed forgets everything", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["due"]));
    await removeEndpoint(endpoint);
    await dispatcher(endpoint).endpointChanged();
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual([]));
    const tables = await runInDurableObject(dispatcher(endpoint), (_object, { storage }) =>
      storage.sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
        .toArray(),
    );
    expect(tables).toEqual([]);
  });

  it("sends to a bound Worker and to a queue", async () => {
    const service = await add({ kind: "service", target: "TESTS" });
    const queue = await add({ kind: "queue", target: "TESTS" });
    const unbound = await add({ kind: "service", target: "NOBODY" });
    const send = vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "send");
    await deliver("ContactCreate", { locationId: location, name: "Ada" });
    await vi.waitFor(async () => {
      expect(await stateOf(service)).toEqual(["delivered"]);
      expect(await stateOf(queue)).toEqual(["delivered"]);
    });
    const [received] = await arrived({ ...service, path: "/" }, 1);
    expect((await open(service, received!)).event).toMatchObject({ name: "Ada" });
    expect(JSON.parse(String(send.mock.calls[0]![0]))).toMatchObject({ type: "ContactCreate", data: { name: "Ada" } });
    const [{ attempts } = { attempts: [] }] = (await dispatcher(unbound).deliveries({}, 1)).items;
    expect(attempts).toMatchObject([{ status: null, code: "ERR_GHL_GATEWAY_RECEIVER_UNBOUND" }]);
  });

  it("what does not fit into a queue is dead at once", async () => {
    const queue = await add({ kind: "queue", target: "TESTS", types: ["ContactCreate"] });
    await deliver("ContactCreate", { locationId: location, name: "x".repeat(130_000) });
    await vi.waitFor(async () => expect(await stateOf(queue)).toEqual(["dead"]));
  });
});

describe("retention", () => {
  it("drops an inbox that is 30 days old, and its line in the directory", async () => {
    const day = new Date().toISOString().slice(0, 10);
    await deliver("ContactCreate", { locationId: location });
    const { inboxes } = readDirectory(env);
    const listed = () =>
      inboxes.list({ app: APP, resource: { kind: "location", id: location }, limit: 10, cursor: undefined });
    expect((await listed()).items).toMatchObject([{ name: `location:${location}:${day}` }]);
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${day}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * DAY_MS });
    await runDurableObjectAlarm(inbox);
    expect((await listed()).items).toEqual([]);
    expect(await inbox.events({}, 10)).toEqual([]);
    vi.useRealTimers();
    // It is an inbox like a new one.
    await deliver("ContactCreate", { locationId: location });
    expect(await inbox.events({}, 10)).toHaveLength(1);
  });

  it("drops deliveries that have ended 30 days ago, but for the newest", async () => {
    const endpoint = await add();
    for (const n of [1, 2]) await deliver("ContactCreate", { locationId: location, n });
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered", "delivered"]));
    await ringLater(endpoint, 31 * DAY_MS);
    await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
  });
});

it("an inbox finds an event by its id, and sends it again to one endpoint", async () => {
  const endpoint = await add();
  const sent = await upstream.sign("ContactCreate", { locationId: location });
  await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": sent.signature }, body: sent.body });
  const [first] = await arrived(endpoint, 1);
  await vi.waitFor(async () => expect(await stateOf(endpoint)).toEqual(["delivered"]));
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${new Date().toISOString().slice(0, 10)}`);
  const id = first!.headers["webhook-id"]!;
  const event = await inbox.event(id);
  expect(event && eventId(event.dedupeKey)).toBe(id);
  const request = { ids: [id], dryRun: true, limit: 10 };
  expect(await inbox.replay(endpoint.endpoint.id, request)).toMatchObject({ matched: 1 });
  expect(await receiver.count(endpoint)).toMatchObject({ count: 1 });
  expect(await inbox.replay(endpoint.endpoint.id, { ...request, dryRun: false })).toMatchObject({ matched: 1 });
  const [, second] = await arrived(endpoint, 2);
  expect(second!.headers["webhook-id"]).toBe(id);
  expect((await open(endpoint, second!)).event).toEqual(JSON.parse(sent.body));
});
