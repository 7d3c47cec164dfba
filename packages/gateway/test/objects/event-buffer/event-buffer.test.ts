import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventBuffer } from "../../../src/objects/event-buffer/event-buffer.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { call, settled, upstream } from "../../support/calls/gateway.ts";
import { addEndpoint, arrived, removeEndpoint } from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const STORM = 40;
const today = new Date().toISOString().slice(0, 10);
const locations = [...LOCATIONS];
const buffer = () => env.EVENT_BUFFER.getByName(`${APP}:0`);

afterEach(() => vi.restoreAllMocks());

/** Posts an event for each location at the same time and returns the outcomes. */
async function storm(locationIds: readonly string[], type = "INSTALL"): Promise<readonly string[]> {
  const timestamp = new Date().toISOString();
  const requests = await Promise.all(locationIds.map((locationId) => upstream.sign(type, { locationId, timestamp })));
  return Promise.all(
    requests.map(async ({ body, signature }) => {
      const headers = { "x-ghl-signature": signature };
      const response = await call(`/webhooks/${APP}`, { method: "POST", headers, body });
      expect(response.status).toBe(200);
      return ((await response.json()) as { outcome: string }).outcome;
    }),
  );
}

const count = (outcomes: readonly string[], outcome: string): number =>
  outcomes.filter((one) => one === outcome).length;
const left = (): Promise<number> =>
  runInDurableObject(
    buffer(),
    (_object, { storage }) => storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM buffered_event").one().n,
  );
const allSettled = async (locationIds: readonly string[]): Promise<void> => {
  for (const locationId of locationIds) await settled(`location:${locationId}:${today}`, 20_000);
};
const isInstalled = async (id: string): Promise<boolean> => {
  const { grant, derived } = await env.TOKEN_GRANT.getByName(`${APP}:location:${id}`).status();
  return (grant ?? derived)?.installedAtMs !== undefined;
};

describe("a storm of installations", () => {
  it("a storm of installations is acknowledged when it is durable in one object, and reaches each inbox afterwards", async () => {
    const locationIds = locations.splice(0, STORM);
    const endpoint = await addEndpoint();
    const outcomes = await storm(locationIds);
    // the first few are no storm yet
    expect(count(outcomes, "queued")).toBeGreaterThanOrEqual(STORM / 2);
    expect(count(outcomes, "queued") + count(outcomes, "stored")).toBe(STORM);
    expect(await left()).toBe(count(outcomes, "queued"));
    await allSettled(locationIds);
    expect(await left()).toBe(0);
    expect(await Promise.all(locationIds.map(isInstalled))).toEqual(Array(STORM).fill(true));
    expect(await arrived(endpoint, STORM)).toHaveLength(STORM);
    await removeEndpoint(endpoint);
  });

  it("a storm of installations that comes twice has its effects once", async () => {
    const locationIds = locations.splice(0, STORM);
    const endpoint = await addEndpoint();
    const timestamp = new Date().toISOString();
    const requests = await Promise.all(
      locationIds.map((locationId) =>
        upstream.sign("INSTALL", { locationId, timestamp, webhookId: `twice-${locationId}` }),
      ),
    );
    const twice = [...requests, ...requests].map(({ body, signature }) =>
      call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body }),
    );
    expect((await Promise.all(twice)).map(({ status }) => status)).toEqual(Array(2 * STORM).fill(200));
    await allSettled(locationIds);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
    expect(await arrived(endpoint, STORM)).toHaveLength(STORM);
    await removeEndpoint(endpoint);
  });

  it("a storm of other events goes to the inboxes, which mostly exist already", async () => {
    const outcomes = await storm(locations.splice(0, STORM), "ContactCreate");
    expect(count(outcomes, "stored")).toBe(STORM);
  });
});

describe("a failure of any part", () => {
  it("an inbox that cannot be reached has its events later, and the others theirs now", async () => {
    const locationIds = locations.splice(0, STORM);
    const plain = WebhookInbox.prototype.store;
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(function (this: WebhookInbox, tenant, event) {
      if (tenant.resource?.id === locationIds.at(-1)) return Promise.reject(new Error("broken"));
      return plain.call(this, tenant, event);
    });
    expect(count(await storm(locationIds), "queued")).toBeGreaterThan(0);
    await allSettled(locationIds.slice(0, -1));
    await vi.waitFor(async () => expect(await left()).toBe(1), { timeout: 10_000 });
    vi.restoreAllMocks();
    expect(await runDurableObjectAlarm(buffer())).toBe(true);
    await allSettled(locationIds);
    expect(await left()).toBe(0);
  });

  it("an object that dies in between forwards all of them in its next activation", async () => {
    const locationIds = locations.splice(0, STORM);
    const outcomes = await storm(locationIds);
    expect(await left()).toBe(count(outcomes, "queued"));
    await runInDurableObject(buffer(), (_object, state) => state.abort("proof")).catch(() => {});
    await allSettled(locationIds);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
  });

  it("an event that arrives while earlier events are forwarded has an alarm of its own: that run may die", async () => {
    const [early, late] = [locations.splice(0, STORM), locations.splice(0, STORM)];
    const outcomes = await storm(early);
    expect(count(outcomes, "queued")).toBeGreaterThan(0);
    const plain = WebhookInbox.prototype.store;
    const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(function (
      this: WebhookInbox,
      tenant,
      event,
    ) {
      return early.includes(tenant.resource?.id ?? "") ? new Promise(() => {}) : plain.call(this, tenant, event);
    });
    const run = runDurableObjectAlarm(buffer()).catch(() => {});
    await vi.waitFor(() => expect(store).toHaveBeenCalled());
    expect(count(await storm(late), "queued")).toBeGreaterThan(0);
    const dueAtMs = await runInDurableObject(buffer(), (_object, { storage }) => storage.getAlarm());
    expect(dueAtMs).not.toBeNull();
    await runInDurableObject(buffer(), (_object, state) => state.abort("proof")).catch(() => {});
    await run;
    vi.restoreAllMocks();
    await allSettled([...early, ...late]);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
  });

  it("an event buffer that cannot be reached is bypassed", async () => {
    const bufferEvent = vi.spyOn(EventBuffer.prototype, "buffer").mockRejectedValue(new Error("broken"));
    const outcomes = await storm(locations.splice(0, STORM));
    expect(count(outcomes, "stored")).toBe(STORM);
    expect(bufferEvent).toHaveBeenCalled();
  });
});

it("an event that is buffered after an erasure is forwarded, although an erased event was on its way", async () => {
  const [erased, later] = locations.splice(0, 2) as [string, string];
  const eventOf = (location: string) => ({
    tenant: { app: APP, resource: { kind: "location", id: location }, day: today } as const,
    event: {
      dedupeKey: location.padEnd(64, "0"),
      name: "AppInstall",
      type: "INSTALL",
      webhookId: undefined,
      eventAtMs: undefined,
      quarantined: false,
      source: "highlevel",
      signature: undefined,
      lifecycle: undefined,
      body: new TextEncoder().encode("{}"),
    } as const,
  });
  const stub = env.EVENT_BUFFER.getByName("erasure");
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(async () => {
    await released;
    return { stored: true };
  });
  const first = eventOf(erased);
  await stub.buffer(first.tenant, first.event);
  await vi.waitFor(() => expect(store).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  expect(await stub.erase(first.tenant.resource)).toBe(1);
  const second = eventOf(later);
  await stub.buffer(second.tenant, second.event);
  release();
  await vi.waitFor(() => expect(store.mock.calls.map(([tenant]) => tenant.resource?.id)).toEqual([erased, later]), {
    timeout: 20_000,
  });
});
