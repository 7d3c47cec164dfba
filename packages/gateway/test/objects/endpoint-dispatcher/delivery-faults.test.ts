import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import { isolate } from "../../../src/worker.ts";
import { administer } from "../../support/calls/admin.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP } from "../../support/setup/settings.ts";
import { failStorage } from "../../support/storage/faults.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const isWrite = (query: string): boolean => /^\s*(INSERT|UPDATE|DELETE)/.test(query);
const isResult = (query: string): boolean => query.includes("UPDATE delivery");
const at = (nowMs: number) => vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let endpoints: TestEndpoint[] = [];
let endpoint: TestEndpoint;
const add = async (settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> => {
  const added = await addEndpoint({ types: [], ...settings });
  endpoints.push(added);
  return added;
};

const newDelivery = (id: string, bytes = 2): NewDelivery => ({
  id,
  type: "ContactCreate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey: null,
  headers: {},
  body: new Uint8Array(bytes).fill(32),
});
const enqueue = (ids: readonly string[], to = endpoint, resend = false) =>
  dispatcher(to).enqueue(
    { app: APP, endpointId: to.endpoint.id, shard: 0 },
    ids.map((id) => newDelivery(id)),
    resend,
  );
/** A replay is stored before it is sent. */
const enqueueStored = (ids: readonly string[]) => enqueue(ids, endpoint, true);
const posts = async (): Promise<number> => (await destination.count(endpoint)).count;
const states = async (to = endpoint) => (await dispatcher(to).deliveries({}, 100)).items.map(({ state }) => state);

/** Starts another activation of the object. An eviction would wait for the timers of the requests. */
async function reload(): Promise<void> {
  const ended = runInDurableObject(dispatcher(endpoint), async (_object, state) => {
    await state.storage.sync();
    state.abort("reload");
  });
  await ended.catch(() => {});
}

/** Lets alarms ring at their times until then; says how often one rang. */
async function ringUntil(untilMs: number, each: () => unknown = () => {}, to = endpoint): Promise<number> {
  for (let rings = 0; ; rings++) {
    const alarmAtMs = await runInDurableObject(dispatcher(to), (_object, { storage }) => storage.getAlarm());
    if (alarmAtMs === null || alarmAtMs > untilMs) return rings;
    at(Math.max(Date.now(), alarmAtMs));
    await runDurableObjectAlarm(dispatcher(to));
    await each();
  }
}

beforeEach(async () => {
  endpoint = await add();
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const one of endpoints) await removeEndpoint(one);
  endpoints = [];
});

describe("a delivery whose result cannot be written", () => {
  it("a delivery whose result cannot be written is posted once, opens the breaker, and is recorded without another post", async () => {
    await failStorage({ sql: isResult, kv: (operation) => operation === "put" });
    await enqueueStored(["evt_1"]);
    await arrived(endpoint, 1);
    // An earlier version made 226 posts in this time.
    await soon(5_000);
    expect(await posts()).toBe(1);
    const { breaker } = await dispatcher(endpoint).status();
    expect(breaker.openUntilMs).toBeGreaterThan(Date.now());
    expect(await states()).toEqual(["due"]);
    vi.restoreAllMocks();
    await ringUntil(Date.now() + 20 * MINUTE_MS);
    expect(await states()).toEqual(["delivered"]);
    expect((await dispatcher(endpoint).status()).breaker).toMatchObject({ openUntilMs: null, failures: 0 });
    expect(await posts()).toBe(1);
  });

  it("a delivery whose result cannot be written is not posted by a newer activation while nothing can be written", async () => {
    at(Date.now() + HOUR_MS);
    await enqueueStored(["evt_1"]);
    await reload();
    await failStorage({ sql: isWrite, kv: (operation) => operation === "put" });
    const rings = await ringUntil(Date.now() + 5 * MINUTE_MS, reload);
    expect(rings).toBeGreaterThan(3);
    expect(await posts()).toBe(0);
    vi.restoreAllMocks();
    await ringUntil(Date.now() + HOUR_MS);
    expect(await states()).toEqual(["delivered"]);
    expect(await posts()).toBe(1);
  });

  it("a delivery whose result alone cannot be written is posted ever less often, however often the object is loaded", async () => {
    at(Date.now() + HOUR_MS);
    await enqueueStored(["evt_1"]);
    await reload();
    await failStorage({ sql: isResult });
    const atMs: number[] = [];
    const startMs = Date.now();
    await ringUntil(startMs + HOUR_MS, async () => {
      if ((await posts()) > atMs.length) atMs.push(Date.now() - startMs);
      await reload();
    });
    // 10, 20, 40, 80, 160 s, then every 5 minutes.
    expect(atMs.length).toBeLessThanOrEqual(17);
    const pausesMs = atMs.slice(1).map((ms, index) => ms - atMs[index]!);
    expect(pausesMs.slice(0, 6)).toEqual([...pausesMs.slice(0, 6)].sort((a, b) => a - b));
    expect(pausesMs.at(-1)).toBeGreaterThanOrEqual(300_000);
    vi.restoreAllMocks();
    await ringUntil(Date.now() + HOUR_MS);
    expect(await states()).toEqual(["delivered"]);
  });

  it("a storage that fails for days does not blame the endpoint: the endpoint is not disabled", async () => {
    await failStorage({ sql: isResult, kv: (operation) => operation === "put" });
    await enqueueStored(["evt_1"]);
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.openUntilMs).not.toBeNull());
    expect((await dispatcher(endpoint).status()).breaker.failingSinceMs).toBeNull();
  });
});

describe("a new delivery whose result cannot be written", () => {
  const isRefused = (): Promise<boolean> =>
    enqueue(["evt_1"]).then(
      () => false,
      () => true,
    );
  const sent = (): Promise<void> =>
    vi.waitFor(async () => {
      await ringUntil(Date.now() + HOUR_MS);
      expect(await states()).toEqual(["delivered"]);
    }, 20_000);
  const isBlock = (query: string): boolean => query.includes("INSERT INTO delivered_block");

  it("a new delivery whose result cannot be written is posted once, opens the breaker, and is written when its inbox comes again", async () => {
    await failStorage({ sql: isBlock, kv: (operation) => operation === "put" });
    expect(await isRefused()).toBe(true);
    expect(await posts()).toBe(1);
    expect((await dispatcher(endpoint).status()).breaker.openUntilMs).toBeGreaterThan(Date.now());
    expect(await isRefused()).toBe(true);
    vi.restoreAllMocks();
    await enqueue(["evt_1"]);
    expect(await states()).toEqual(["delivered"]);
    expect(await posts()).toBe(1);
  });

  it("a new delivery is sent again under the same id when the object died before it was written", async () => {
    await failStorage({ sql: isBlock });
    expect(await isRefused()).toBe(true);
    await reload();
    vi.restoreAllMocks();
    await enqueue(["evt_1"]);
    await sent();
    expect(await destination.count(endpoint)).toMatchObject({ count: 2, distinct: 1 });
  });

  it("a new delivery that failed and cannot be stored is rejected, so that its inbox comes again", async () => {
    await destination.behave(endpoint, { status: 500, times: 1 });
    await failStorage({ sql: isWrite });
    expect(await isRefused()).toBe(true);
    expect(await states()).toEqual([]);
    vi.restoreAllMocks();
    await enqueue(["evt_1"]);
    await sent();
  });
});

describe("an endpoint for which too much waits", () => {
  const MAX_WAITING = 20;
  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `evt_${from + n}`);

  beforeEach(() => {
    const config = isolate.readConfig(env);
    const app = config.apps.get(APP)!;
    const apps = new Map([[APP, { ...app, endpoints: { ...app.endpoints, maxWaiting: MAX_WAITING } }]]);
    vi.spyOn(isolate, "readConfig").mockReturnValue({ ...config, apps });
  });

  it("an endpoint for which too much waits is disabled and reported, and an operator can enable it again", async () => {
    const informed = await add({ types: ["endpoint.disabled"] });
    endpoint = await add({ state: "paused" });
    await enqueue(ids(MAX_WAITING));
    expect(await administer("GET", `/admin/endpoints/${endpoint.endpoint.id}`)).toMatchObject({ state: "paused" });
    await enqueue(["evt_one_too_many"]);
    const [report] = await arrived(informed, 1);
    const { body, headers } = report!;
    expect(await verifyGatewayDelivery({ body, headers, secrets: [informed.secret] })).toMatchObject({
      name: "endpoint.disabled",
      event: { endpointId: endpoint.endpoint.id, reason: "backlog", failingSinceMs: null, lastStatus: null },
    });
    const shown = await administer("GET", `/admin/endpoints/${endpoint.endpoint.id}`);
    expect(shown).toMatchObject({ state: "disabled", disabledBecause: "backlog" });
    expect(await administer("GET", `/admin/endpoints/${endpoint.endpoint.id}/status`)).toMatchObject({ due: 21 });
    // Enabled again, it is sent what waits, and takes on more.
    await destination.behave(endpoint, { hang: true });
    await administer("POST", `/admin/endpoints/${endpoint.endpoint.id}/enable`);
    await enqueue(ids(2, 100));
    expect(await administer("GET", `/admin/endpoints/${endpoint.endpoint.id}`)).toMatchObject({ state: "active" });
    await destination.behave(endpoint, {});
    await destination.release(endpoint);
    await vi.waitFor(async () => expect(new Set(await states())).toEqual(new Set(["delivered"])), { timeout: 20_000 });
    expect(await states()).toHaveLength(MAX_WAITING + 3);
    // Worked off, it has all its room again.
    await enqueue(ids(MAX_WAITING, 200));
    expect(await administer("GET", `/admin/endpoints/${endpoint.endpoint.id}`)).toMatchObject({ state: "active" });
  }, 60_000);

  it("an endpoint for which too much waits accepts nothing more while the directory is away", async () => {
    endpoint = await add({ state: "paused" });
    await arrivedAt(endpoint);
    vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    await enqueue(ids(MAX_WAITING + 1));
    expect(await enqueue(ids(5, 100))).toBe(false);
    expect(await states()).toHaveLength(MAX_WAITING + 1);
  });
});

/** Its object has read its row. */
async function arrivedAt(to: TestEndpoint): Promise<void> {
  await dispatcher(to).endpointChanged();
}
