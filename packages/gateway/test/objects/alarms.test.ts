import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewDelivery } from "../../src/domain/contracts/endpoint-dispatcher.ts";
import type { InboxEvent } from "../../src/domain/events/inbox-event.ts";
import { EndpointDispatcher } from "../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { createEventOutbox } from "../../src/objects/event-outbox.ts";
import { EventRouter } from "../../src/objects/webhook-inbox/event-router.ts";
import { WebhookInbox } from "../../src/objects/webhook-inbox/webhook-inbox.ts";
import { ConfigError } from "../../src/platform/config-fields.ts";
import { readObjects } from "../../src/platform/env.ts";
import { isolate } from "../../src/worker.ts";
import { installLocation, refreshes, upstream } from "../support/calls/gateway.ts";
import { addEndpoint, arrived, dispatcher, removeEndpoint, type TestEndpoint } from "../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../support/setup/settings.ts";
import { failStorage } from "../support/storage/faults.ts";

const OUTAGE_MS = 240_000;
/** The shortest alarm of an object that waits for nothing: an inbox guards its newest event for five minutes. */
const QUIET_MS = 290_000;
const locations = [...LOCATIONS].reverse();
let location: string;
let endpoint: TestEndpoint;

const at = (nowMs: number) => vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
const today = () => new Date().toISOString().slice(0, 10);
/** Half a day from midnight, so that no outage of a test ends on another day, in another inbox. */
const noonOfTomorrow = (): number => new Date().setUTCHours(36, 0, 0, 0);
const inbox = () => env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${today()}`);
const tenant = () => ({ app: APP, resource: { kind: "location", id: location } as const, day: today() });

const eventNamed = (name: string): InboxEvent => ({
  dedupeKey: crypto.randomUUID().replaceAll("-", "").repeat(2),
  name,
  type: name,
  webhookId: undefined,
  eventAtMs: Date.now(),
  quarantined: false,
  source: "highlevel",
  signature: undefined,
  lifecycle: undefined,
  body: new TextEncoder().encode(JSON.stringify({ type: name, locationId: location })),
});

/** Puts an event into the outbox of an object, with an alarm, as the object does it. */
async function addPending(stub: DurableObjectStub<never>): Promise<void> {
  const data = { limit: 10, used: 8 };
  const { app, resource } = tenant();
  await runInDurableObject(stub, (_object, { storage }) => {
    createEventOutbox(storage.sql, readObjects(env)).add({
      app,
      resource,
      name: "quota.daily_80",
      data,
      atMs: Date.now(),
      uniqueId: crypto.randomUUID(),
    });
    return storage.setAlarm(Date.now());
  });
}

const failures = (lines: readonly unknown[][]): readonly unknown[] =>
  lines.map(([line]) => JSON.parse(String(line))).filter(({ outcome }) => outcome === "failed");

it("a failed alarm is logged with the name of its app", async () => {
  const stubs = [
    env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${location}`),
    env.EVENT_BUFFER.getByName(`${APP}:held:0`),
  ];
  // The alarms are ahead of the real clock, so that they ring when the test says so.
  at(noonOfTomorrow());
  for (const stub of stubs) await addPending(stub as never);
  const write = vi.spyOn(console, "log");
  await failStorage({ sql: (query) => /event_outbox|buffered_event/.test(query) });
  for (const stub of stubs) await runDurableObjectAlarm(stub);
  const logged = failures(write.mock.calls);
  for (const what of ["coordinator", "event_buffer"])
    expect(logged).toContainEqual(expect.objectContaining({ what, app: APP }));
});

const isNotified = async (): Promise<void> => {
  expect(await inbox().events({ names: ["quota.daily_80"] }, 10)).toHaveLength(1);
};

const breakInboxes = () =>
  vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(() => Promise.reject(new Error("broken")));
const breakDirectory = () =>
  vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
    throw new Error("broken");
  });

interface Scene {
  readonly stub: () => DurableObjectStub<never>;
  /** Leaves the object with something to do and an alarm, by a clock that is ahead. */
  readonly begin: () => Promise<void>;
  readonly breakDependency: () => void;
  /** The faults that do not affect it. */
  readonly unaffectedBy: readonly string[];
  /** All is done. */
  readonly expectDone: () => Promise<void>;
}

const MISSING = "the configuration is missing";
const MISSING_APP = "the app is missing from APPS";
let refreshesBefore = 0;
const scenes: Record<string, Scene> = {
  TokenGrant: {
    unaffectedBy: [],
    stub: () => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`) as never,
    async begin() {
      await installLocation(location);
      refreshesBefore = (await upstream.log()).length;
      at((await env.TOKEN_GRANT.getByName(`${APP}:location:${location}`).status()).grant!.current!.refreshAheadAtMs!);
      await addPending(this.stub());
    },
    breakDependency: () => void breakInboxes(),
    async expectDone() {
      expect(await refreshes(refreshesBefore)).toHaveLength(1);
      await isNotified();
    },
  },
  ResourceCoordinator: {
    unaffectedBy: [MISSING, MISSING_APP],
    stub: () => env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${location}`) as never,
    begin() {
      return addPending(this.stub());
    },
    breakDependency: () => void breakInboxes(),
    expectDone: isNotified,
  },
  EventBuffer: {
    unaffectedBy: [MISSING, MISSING_APP],
    stub: () => env.EVENT_BUFFER.getByName(`${APP}:0`) as never,
    begin: () => env.EVENT_BUFFER.getByName(`${APP}:0`).buffer(tenant(), eventNamed("ContactCreate")),
    breakDependency: () => void breakInboxes(),
    async expectDone() {
      expect(await inbox().events({}, 10)).toHaveLength(1);
    },
  },
  WebhookInbox: {
    unaffectedBy: [MISSING_APP],
    stub: () => inbox() as never,
    async begin() {
      const run = vi.spyOn(EventRouter.prototype, "run").mockRejectedValue(new Error("broken"));
      await inbox().store(tenant(), eventNamed("ContactCreate"));
      await vi.waitFor(() => expect(run).toHaveBeenCalled());
      run.mockRestore();
    },
    breakDependency() {
      breakDirectory();
      vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(() => Promise.reject(new Error("broken")));
    },
    async expectDone() {
      await runDurableObjectAlarm(dispatcher(endpoint));
      await arrived(endpoint, 1);
    },
  },
  EndpointDispatcher: {
    unaffectedBy: [MISSING_APP],
    stub: () => dispatcher(endpoint) as never,
    async begin() {
      const delivery: NewDelivery = {
        id: "evt_1",
        type: "ContactCreate",
        source: "highlevel",
        resource: tenant().resource,
        inbox: null,
        orderKey: null,
        headers: {},
        body: new TextEncoder().encode("{}"),
      };
      // A replay is stored before it is sent.
      await dispatcher(endpoint).enqueue({ app: APP, endpointId: endpoint.endpoint.id, shard: 0 }, [delivery], true);
    },
    breakDependency: () => void breakDirectory(),
    async expectDone() {
      await arrived(endpoint, 1);
      expect((await dispatcher(endpoint).deliveries({}, 2)).items.map(({ state }) => state)).toEqual(["delivered"]);
    },
  },
};

const faults: Record<string, (scene: Scene) => unknown> = {
  [MISSING]: () => {
    const missing = () => {
      throw new ConfigError({ path: "APPS", expected: "set", message: "APPS must be set, got nothing" });
    };
    vi.spyOn(isolate, "readConfig").mockImplementation(missing);
    vi.spyOn(isolate, "readDirectory").mockImplementation(missing);
  },
  [MISSING_APP]: () => {
    vi.spyOn(isolate, "readConfig").mockReturnValue({ ...isolate.readConfig(env), apps: new Map() });
  },
  "the storage can neither be read nor written": () => failStorage({ sql: () => true, kv: () => true }),
  "another object or the directory fails": ({ breakDependency }) => breakDependency(),
};

const alarmOf = ({ stub }: Scene) => runInDurableObject(stub(), (_object, { storage }) => storage.getAlarm());

/** Lets the alarm ring at its time; fails where there is none, or where it throws. Says how long after `nowMs` the next one is. */
async function ring(scene: Scene): Promise<number> {
  const alarmAtMs = await alarmOf(scene);
  expect(alarmAtMs).not.toBeNull();
  at(Math.max(Date.now(), alarmAtMs!));
  expect(await runDurableObjectAlarm(scene.stub())).toBe(true);
  return ((await alarmOf(scene)) ?? Number.POSITIVE_INFINITY) - Date.now();
}

beforeEach(async () => {
  location = locations.shift()!;
  const resources = [{ kind: "location", id: location }] as const;
  endpoint = await addEndpoint({ types: ["ContactCreate"], resources });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await removeEndpoint(endpoint);
});

describe.each(Object.entries(scenes))("the alarm of %s", (name, scene) => {
  it.each(Object.entries(faults))(`the alarm of ${name} survives four minutes in which %s`, async (fault, arm) => {
    at(noonOfTomorrow());
    await scene.begin();
    await evictDurableObject(scene.stub());
    await arm(scene);
    const untilMs = Date.now() + OUTAGE_MS;
    const pausesMs: number[] = [];
    for (let rings = 0; Date.now() < untilMs; rings++) {
      const pauseMs = await ring(scene);
      // Work that the fault does not affect is done at once, and the object waits for nothing.
      if (pauseMs >= QUIET_MS) break;
      pausesMs.push(pauseMs);
      // A new activation continues with the pauses of the one before.
      if (rings === 3) await evictDurableObject(scene.stub());
    }
    vi.restoreAllMocks();
    // Another configuration is another version of the Worker, and another activation of the object.
    if (fault.includes("missing")) await evictDurableObject(scene.stub());
    if (scene.unaffectedBy.includes(fault)) expect(pausesMs).toEqual([]);
    else {
      expect(pausesMs.length).toBeGreaterThanOrEqual(4);
      expect(pausesMs.length).toBeLessThan(20);
      expect(Math.min(...pausesMs)).toBeGreaterThan(300);
      expect(Math.max(...pausesMs)).toBeGreaterThan(20_000);
      await ring(scene);
    }
    await scene.expectDone();
  });
});
