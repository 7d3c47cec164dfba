import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
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
  statesOf,
  useEndpoints,
} from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

const locations = [...LOCATIONS];
let location: string;
const { add } = useEndpoints();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

beforeEach(() => {
  location = locations.shift()!;
});

describe("a failing endpoint", () => {
  it("a failing endpoint is tried nine times over two days under one id, then the delivery is dead and reported", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const informed = await add({ types: ["event.dead"] });
    await destination.behave(endpoint, { status: 500 });
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
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["dead"]));
    const received = await destination.received(endpoint);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers["webhook-signature"])).size).toBe(9);
    // Alarms of this future day run only when the test runs them.
    const day = new Date().toISOString().slice(0, 10);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${day}`));
      await runDurableObjectAlarm(dispatcher(informed));
      expect(await destination.count(informed)).toMatchObject({ count: 1 });
    });
    const [dead] = await arrived(informed, 1);
    const delivery = await openDelivery(informed, dead!, Date.now());
    expect(delivery).toMatchObject({ name: "event.dead", source: "gateway", resource: { id: location } });
    expect(delivery.event).toMatchObject({ endpointId: endpoint.endpoint.id, attempts: 9, lastStatus: 500 });
    // A retry by an operator restores all its tries, and its body is still there.
    await destination.behave(endpoint, {});
    expect(await dispatcher(endpoint).retryDead({}, true)).toBe(1);
    expect(await dispatcher(endpoint).retryDead({}, false)).toBe(1);
    await runDurableObjectAlarm(dispatcher(endpoint));
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
  }, 60_000);

  it("an endpoint that breaks the connection, redirects or answers 4xx is tried again, and no redirect is followed", async () => {
    for (const behaviour of [
      { broken: true },
      { status: 302, headers: { location: `${DESTINATION}/elsewhere` } },
      { status: 400 },
    ]) {
      const endpoint = await add();
      await destination.behave(endpoint, { ...behaviour, times: 1 });
      await deliver("ContactCreate", { locationId: location, name: JSON.stringify(behaviour) });
      await arrived(endpoint, 1);
      await vi.waitFor(async () =>
        expect((await dispatcher(endpoint).deliveries({}, 1)).items[0]!.attempts).toHaveLength(1),
      );
      await ringLater(endpoint, 7_000);
      await arrived(endpoint, 2);
      await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
      vi.useRealTimers();
      await removeEndpoint(endpoint);
    }
  });

  it("an endpoint that says when to come back receives everything then", async () => {
    const endpoint = await add();
    await destination.behave(endpoint, { status: 429, headers: { "retry-after": "120" }, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.openUntilMs).not.toBeNull());
    await deliver("ContactUpdate", { locationId: location });
    await ringLater(endpoint, 100_000);
    expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
    await ringLater(endpoint, 30_000);
    await arrived(endpoint, 3);
  });

  it("an endpoint that fails five times in a row gets nothing for a while, then one delivery as a probe", async () => {
    const endpoint = await add();
    await destination.behave(endpoint, { status: 503 });
    for (let i = 0; i < 8; i++) await deliver("ContactCreate", { locationId: location, i });
    await vi.waitFor(async () =>
      expect((await dispatcher(endpoint).status()).breaker.failures).toBeGreaterThanOrEqual(5),
    );
    const { count } = await destination.count(endpoint);
    expect(count).toBeLessThanOrEqual(8);
    await ringLater(endpoint, 12_000);
    await vi.waitFor(async () => expect((await destination.count(endpoint)).count).toBe(count + 1));
    expect((await dispatcher(endpoint).status()).breaker.openings).toBe(2);
    // The probe succeeds: everything else follows at once.
    await destination.behave(endpoint, {});
    await ringLater(endpoint, 60_000);
    await vi.waitFor(async () =>
      expect(await statesOf(endpoint)).toEqual(Array.from({ length: 8 }, () => "delivered")),
    );
  });

  it("an endpoint that answers 410 is disabled and reported, and receives nothing more", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const informed = await add({ types: ["endpoint.disabled"] });
    await destination.behave(endpoint, { status: 410 });
    await deliver("ContactCreate", { locationId: location });
    const [report] = await arrived(informed, 1);
    expect((await openDelivery(informed, report!)).event).toMatchObject({
      endpointId: endpoint.endpoint.id,
      reason: "gone",
      lastStatus: 410,
    });
    const { endpoints: rows } = isolate.readDirectory(env);
    expect(await rows.find(endpoint.endpoint.id)).toMatchObject({ state: "disabled", disabledBecause: "gone" });
    await deliver("ContactCreate", { locationId: location, again: true });
    expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
    // The in-flight delivery waits for the operator.
    expect(await statesOf(endpoint)).toEqual(["due"]);
  });

  it("an endpoint that fails for five days with everything is disabled", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    await destination.behave(endpoint, { status: 500 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await vi.waitFor(async () => expect((await dispatcher(endpoint).status()).breaker.failingSinceMs).not.toBeNull());
    await ringLater(endpoint, 5 * DAY_MS);
    const { endpoints: rows } = isolate.readDirectory(env);
    await vi.waitFor(async () =>
      expect(await rows.find(endpoint.endpoint.id)).toMatchObject({ state: "disabled", disabledBecause: "failing" }),
    );
  });

  it("an endpoint that hangs does not delay other endpoints", async () => {
    const hanging = await add();
    const other = await add();
    await destination.behave(hanging, { hang: true });
    for (let i = 0; i < 10; i++) await deliver("ContactCreate", { locationId: location, i });
    await arrived(other, 10);
    expect(await destination.count(hanging)).toMatchObject({ count: 6 });
  });
});
