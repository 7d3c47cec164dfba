import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isolate } from "../../../src/worker.ts";
import { deliver } from "../../support/calls/gateway.ts";
import {
  arrived,
  destination,
  dispatcher,
  openDelivery,
  removeEndpoint,
  ringLater,
  setSecrets,
  statesOf,
  useEndpoints,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = [...LOCATIONS];
let location: string;
const { add } = useEndpoints();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const change = () => ({ actor: "test", requestId: "test", nowMs: Date.now() });

beforeEach(() => {
  location = locations.shift()!;
});

describe("a dispatcher", () => {
  it("a dispatcher that dies while it sends starts again under the same id", async () => {
    const endpoint = await add();
    await destination.behave(endpoint, { hang: true, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await runInDurableObject(dispatcher(endpoint), (_object, state) => state.abort("proof")).catch(() => {});
    await vi.waitFor(
      async () => {
        // A delivery that was stored while it was in flight is due again when no answer can come any more.
        await ringLater(endpoint, 21_000);
        expect(await statesOf(endpoint)).toEqual(["delivered"]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect((await destination.count(endpoint)).distinct).toBe(1);
  });

  it("a dispatcher delivers the events of one contact one after the other when the endpoint is ordered, and others meanwhile", async () => {
    const endpoint = await add({ ordered: true, shards: 4 });
    await destination.behave(endpoint, { status: 500, times: 1 });
    for (const n of [1, 2, 3]) await deliver("ContactUpdate", { locationId: location, id: "first", n });
    await deliver("NoteCreate", { locationId: location, contactId: "first", n: 4 });
    await deliver("ContactUpdate", { locationId: location, id: "second", n: 5 });
    const bodies = async () =>
      (await destination.received(endpoint)).map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n);
    await vi.waitFor(async () => expect(await bodies()).toContain(5));
    expect((await bodies()).filter((n) => n !== 5)).toEqual([1]);
    for (let shard = 0; shard < 4; shard++) await ringLater(endpoint, 7_000, shard);
    await vi.waitFor(async () => expect((await bodies()).filter((n) => n !== 5)).toEqual([1, 1, 2, 3, 4]));
  });

  it("a dispatcher keeps the events of a paused endpoint, and sends them when it is active again", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["due"]));
    const { endpoints: rows } = isolate.readDirectory(env);
    await rows.update(endpoint.endpoint.id, { ...endpoint.endpoint, state: "active" }, change());
    await dispatcher(endpoint).endpointChanged();
    await arrived(endpoint, 1);
  });

  it("a dispatcher of a paused endpoint reads its row again, in case the report of a change was lost", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    const looksInMs = async (): Promise<number> => {
      const alarmAtMs = await runInDurableObject(dispatcher(endpoint), (_object, { storage }) => storage.getAlarm());
      return (alarmAtMs ?? 0) - Date.now();
    };
    await vi.waitFor(async () => expect(await looksInMs()).toBeGreaterThan(4 * MINUTE_MS));
    expect(await looksInMs()).toBeLessThanOrEqual(5 * MINUTE_MS);
    const { endpoints: rows } = isolate.readDirectory(env);
    await rows.update(endpoint.endpoint.id, { ...endpoint.endpoint, state: "active" }, change());
    await ringLater(endpoint, 5 * MINUTE_MS);
    await arrived(endpoint, 1);
  });

  it("a dispatcher signs with two secrets while one is being replaced", async () => {
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
      expect((await openDelivery({ ...endpoint, secret }, received!)).name).toBe("ContactCreate");
  });

  it("a dispatcher of an endpoint that was removed forgets everything", async () => {
    const endpoint = await add({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["due"]));
    await removeEndpoint(endpoint);
    await dispatcher(endpoint).endpointChanged();
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual([]));
    const tables = await runInDurableObject(dispatcher(endpoint), (_object, { storage }) =>
      storage.sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
        .toArray(),
    );
    expect(tables).toEqual([]);
  });

  it("a dispatcher sends to a bound Worker and to a queue", async () => {
    const service = await add({ kind: "service", target: "TESTS" });
    const queue = await add({ kind: "queue", target: "TESTS" });
    const unbound = await add({ kind: "service", target: "NOBODY" });
    const send = vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "send");
    await deliver("ContactCreate", { locationId: location, name: "Ada" });
    await vi.waitFor(async () => {
      expect(await statesOf(service)).toEqual(["delivered"]);
      expect(await statesOf(queue)).toEqual(["delivered"]);
    });
    // The bound Worker is one for all tests of the run.
    const received = (await arrived({ ...service, path: "/" }, 1)).find(({ body }) => body.includes(location));
    expect((await openDelivery(service, received!)).event).toMatchObject({ name: "Ada" });
    expect(JSON.parse(String(send.mock.calls[0]![0]))).toMatchObject({ type: "ContactCreate", data: { name: "Ada" } });
    const [{ attempts } = { attempts: [] }] = (await dispatcher(unbound).deliveries({}, 1)).items;
    expect(attempts).toMatchObject([{ status: null, code: "ERR_GHL_GATEWAY_DESTINATION_UNBOUND" }]);
  });

  it("a delivery that does not fit into a queue is dead at once", async () => {
    const queue = await add({ kind: "queue", target: "TESTS", types: ["ContactCreate"] });
    await deliver("ContactCreate", { locationId: location, name: "x".repeat(130_000) });
    await vi.waitFor(async () => expect(await statesOf(queue)).toEqual(["dead"]));
  });
});

describe("retention", () => {
  it("retention deletes an inbox that is 30 days old, and its row in the directory", async () => {
    const day = new Date().toISOString().slice(0, 10);
    await deliver("ContactCreate", { locationId: location });
    const { inboxes } = isolate.readDirectory(env);
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

  it("retention drops deliveries that have ended 30 days ago, but for the newest", async () => {
    const endpoint = await add();
    for (const n of [1, 2]) await deliver("ContactCreate", { locationId: location, n });
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered", "delivered"]));
    await ringLater(endpoint, 31 * DAY_MS);
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
  });
});
