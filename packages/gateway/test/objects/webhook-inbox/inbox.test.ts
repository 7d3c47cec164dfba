import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { EventBuffer } from "../../../src/objects/event-buffer/event-buffer.ts";
import { DEFAULT_RETENTION_MS } from "../../../src/platform/config.ts";
import { ENDPOINTS_FRESH_MS } from "../../../src/platform/recent.ts";
import { isolate } from "../../../src/worker.ts";
import { call, settled, upstream } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  removeEndpoint,
  statesOf,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";
import { failStorage } from "../../support/storage/faults.ts";

const today = new Date().toISOString().slice(0, 10);
const inboxOf = (location: string) => env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${today}`);
const locations = [...LOCATIONS];
let location: string;
let endpoint: TestEndpoint;

beforeEach(async () => {
  location = locations.shift()!;
  endpoint = await addEndpoint();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await removeEndpoint(endpoint);
});

async function post(locationId: string, type = "ContactCreate"): Promise<void> {
  const { body, signature } = await upstream.sign(type, { locationId, timestamp: new Date().toISOString() });
  const response = await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
  expect(response.status).toBe(200);
}

const alarmOf = (locationId: string): Promise<number | null> =>
  runInDurableObject(inboxOf(locationId), (_object, { storage }) => storage.getAlarm());

/** Ends the object as a deployment or a crash does: its memory is lost. */
const crash = (locationId: string): Promise<void> =>
  runInDurableObject(inboxOf(locationId), (_object, state) => state.abort("proof")).catch(() => {});

describe("an effect of an event", () => {
  it("an effect of an event is done at once, or by its stored alarm where the object dies before", async () => {
    const hanging = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(() => new Promise(() => {}));
    const beforeMs = Date.now();
    await post(location);
    await vi.waitFor(() => expect(hanging).toHaveBeenCalled());
    const alarmAtMs = (await alarmOf(location))!;
    expect(alarmAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(alarmAtMs).toBeLessThan(Date.now() + 310_000);
    await crash(location);
    hanging.mockRestore();
    expect(await destination.received(endpoint)).toEqual([]);
    expect(await runDurableObjectAlarm(inboxOf(location))).toBe(true);
    expect(await arrived(endpoint, 1)).toHaveLength(1);
  });

  it("an event that follows a crash continues the work, with the alarm that is set", async () => {
    const hanging = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(() => new Promise(() => {}));
    const [other] = locations.splice(0, 1) as [string];
    await post(other);
    await vi.waitFor(() => expect(hanging).toHaveBeenCalled());
    const alarmAtMs = await alarmOf(other);
    await crash(other);
    hanging.mockRestore();
    await post(other, "ContactUpdate");
    expect(await arrived(endpoint, 2)).toHaveLength(2);
    expect(await alarmOf(other)).toBe(alarmAtMs);
  });

  it("an event whose task cannot be stored is not taken for routed by the alarm", async () => {
    const [other] = locations.splice(0, 1) as [string];
    const broken = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockRejectedValue(new Error("broken"));
    await failStorage({ sql: (query) => /INSERT INTO event_task/.test(query) });
    await post(other);
    await vi.waitFor(() => expect(broken).toHaveBeenCalled());
    // Another activation does not know the pause after the failure.
    await crash(other);
    await runDurableObjectAlarm(inboxOf(other));
    vi.restoreAllMocks();
    await crash(other);
    await runDurableObjectAlarm(inboxOf(other));
    expect(await arrived(endpoint, 1, 5_000)).toHaveLength(1);
  });

  it("an inbox that wakes hands its last event over again, which is sent once and to no endpoint that was added since", async () => {
    const [other] = locations.splice(0, 1) as [string];
    await post(other);
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toContain("delivered"));
    await crash(other);
    const added = await addEndpoint();
    const enqueue = vi.spyOn(EndpointDispatcher.prototype, "enqueue");
    await post(other, "ContactUpdate");
    await arrived(endpoint, 2);
    await arrived(added, 1);
    const handedOver = enqueue.mock.calls.map(([address, deliveries]) => [address.endpointId, deliveries.length]);
    expect(handedOver).toContainEqual([endpoint.endpoint.id, 2]);
    expect(handedOver).toContainEqual([added.endpoint.id, 1]);
    expect(await destination.count(endpoint)).toMatchObject({ count: 2, distinct: 2 });
    enqueue.mockRestore();
    await removeEndpoint(added);
  });

  it("an effect of an event of one installation is done at once, too", async () => {
    await post(location, "INSTALL");
    await settled(`location:${location}:${today}`, 1_500);
  });
});

describe("the endpoints of an app", () => {
  const SELECT = /^SELECT \* FROM endpoint WHERE app/;

  it("the endpoints of an app are read once for a storm of events, and again for an inbox that the directory lacks", async () => {
    const storm = locations.splice(0, 20);
    await Promise.all(storm.map((one) => post(one)));
    for (const one of storm) await settled(`location:${one}:${today}`);
    const prototype = Object.getPrototypeOf(env.DIRECTORY) as D1Database;
    const prepare = vi.spyOn(prototype, "prepare");
    const reads = (): number => prepare.mock.calls.filter(([query]) => SELECT.test(query)).length;
    await Promise.all(storm.map((one) => post(one)));
    for (const one of storm) await settled(`location:${one}:${today}`);
    // Objects that need the endpoints while the first reads them read as well, because they cannot share its read.
    expect(reads()).toBeLessThan(storm.length);
    prepare.mockClear();
    await post(locations.shift()!);
    await vi.waitFor(() => expect(reads()).toBe(1));
  });

  it("a change of endpoints is known to every inbox as soon as the change is answered", async () => {
    await post(location);
    await arrived(endpoint, 1);
    await env.DIRECTORY.prepare("UPDATE endpoint SET state = 'disabled' WHERE id = ?").bind(endpoint.endpoint.id).run();
    await new Promise((resolve) => setTimeout(resolve, ENDPOINTS_FRESH_MS));
    const enqueue = vi.spyOn(EndpointDispatcher.prototype, "enqueue");
    await post(location);
    await settled(`location:${location}:${today}`);
    expect(enqueue).not.toHaveBeenCalled();
  });
});

describe("an inbox that nothing came to for 30 days", () => {
  const page = { app: APP, limit: 50, cursor: undefined };
  const listed = async (): Promise<boolean> => {
    const resource = { kind: "location", id: location } as const;
    return (await isolate.readDirectory(env).inboxes.list({ ...page, resource })).items.length > 0;
  };

  async function grown(): Promise<void> {
    await post(location);
    await arrived(endpoint, 1);
    await settled(`location:${location}:${today}`);
    expect(await listed()).toBe(true);
    await runInDurableObject(inboxOf(location), (_object, { storage }) => {
      storage.sql.exec("UPDATE event SET received_at_ms = received_at_ms - ?", DEFAULT_RETENTION_MS + 1);
    });
    await crash(location);
  }

  it("an inbox that nothing came to for 30 days is gone, also from the directory", async () => {
    await grown();
    await runDurableObjectAlarm(inboxOf(location));
    expect(await listed()).toBe(false);
    const tables = await runInDurableObject(inboxOf(location), (_object, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'event'").toArray(),
    );
    expect(tables).toEqual([]);
  });

  it("an inbox keeps an event that arrives during the call to the directory, and is listed again", async () => {
    await grown();
    const { forgetInbox } = EventBuffer.prototype;
    let late: Promise<void> | undefined;
    vi.spyOn(EventBuffer.prototype, "forgetInbox").mockImplementation(async function (this: EventBuffer, inbox) {
      late ??= post(location);
      await late;
      return forgetInbox.call(this, inbox);
    });
    await runDurableObjectAlarm(inboxOf(location));
    expect(late).toBeDefined();
    await late;
    expect(await arrived(endpoint, 2)).toHaveLength(2);
    await vi.waitFor(async () => expect(await listed()).toBe(true), { timeout: 10_000 });
  });
});
