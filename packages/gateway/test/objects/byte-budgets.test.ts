import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { InboxEvent } from "../../src/domain/events/inbox-event.ts";
import { EndpointDispatcher } from "../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { EventRouter } from "../../src/objects/webhook-inbox/event-router.ts";
import { isolate } from "../../src/worker.ts";
import { admin, administer, codeOf } from "../support/calls/admin.ts";
import { call, upstream } from "../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../support/setup/settings.ts";

const MIB = 1_048_576;
const EVENT_BYTES = 900_000;
const today = new Date().toISOString().slice(0, 10);
const locations = [...LOCATIONS];
let endpoints: TestEndpoint[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of endpoints) {
    await destination.release(one);
    await removeEndpoint(one);
  }
  endpoints = [];
});

const bigEvent = (location: string, n: number): InboxEvent => ({
  dedupeKey: String(n).padStart(32, "0").repeat(2),
  name: "ContactCreate",
  type: "ContactCreate",
  webhookId: undefined,
  eventAtMs: Date.now(),
  quarantined: false,
  source: "highlevel",
  signature: undefined,
  lifecycle: undefined,
  body: new TextEncoder().encode(
    JSON.stringify({ type: "ContactCreate", id: "c", locationId: location, x: "x".repeat(EVENT_BYTES) }),
  ),
});

async function add(count: number, settings = {}): Promise<void> {
  for (let n = 0; n < count; n++) endpoints.push(await addEndpoint({ types: ["ContactCreate"], ...settings }));
}

it("large events for many endpoints are handed over within 4 MiB at a time", async () => {
  const location = locations.shift()!;
  // Ordered ones have to look into the bodies.
  await add(10, { state: "paused" });
  await add(10, { state: "paused", ordered: true, shards: 2 });
  let inUse = 0;
  let peak = 0;
  const plain = EndpointDispatcher.prototype.enqueue;
  const enqueue = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(async function (
    this: EndpointDispatcher,
    address,
    deliveries,
    again,
  ) {
    const bytes = deliveries.reduce((sum, { body }) => sum + body.byteLength, 0);
    inUse += bytes;
    peak = Math.max(peak, inUse);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inUse -= bytes;
    return plain.call(this, address, deliveries, again);
  });
  // This failure makes them wait for the pause, so that they are routed in batches and not one by one.
  const run = vi.spyOn(EventRouter.prototype, "run").mockRejectedValue(new Error("broken"));
  const tenant = { app: APP, resource: { kind: "location", id: location }, day: today } as const;
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${today}`);
  for (let n = 0; n < 7; n++) await inbox.store(tenant, bigEvent(location, n));
  run.mockRestore();
  await inbox.store(tenant, bigEvent(location, 7));
  await vi.waitFor(
    async () => {
      for (const one of endpoints) {
        const counts = await Promise.all(
          Array.from({ length: one.endpoint.shards }, (_, shard) => dispatcher(one, shard).status()),
        );
        expect(counts.reduce((sum, { due }) => sum + due, 0)).toBe(8);
      }
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(enqueue.mock.calls.length).toBeGreaterThanOrEqual(40);
  expect(peak).toBeGreaterThan(2 * MIB);
  // An envelope adds less than a kilobyte to each.
  expect(peak).toBeLessThanOrEqual(4 * MIB + 8_192);
});

it("deliveries that are under way hold 2 MiB for each endpoint, and 16 MiB and one delivery for each in all", async () => {
  const location = locations.shift()!;
  await add(12);
  for (const one of endpoints) await destination.behave(one, { hang: true });
  const tenant = { app: APP, resource: { kind: "location", id: location }, day: today } as const;
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${today}`);
  for (let n = 0; n < 8; n++) await inbox.store(tenant, bigEvent(location, 100 + n));
  for (const one of endpoints) await arrived(one, 1, 30_000);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const counts = await Promise.all(endpoints.map((one) => destination.count(one)));
  // The limit of deliveries alone would allow six for each.
  for (const { count } of counts) expect(count).toBeLessThanOrEqual(2);
  const envelope = EVENT_BYTES + 2_048;
  expect(isolate.deliveryBytes.peakBytes).toBeGreaterThan(10 * EVENT_BYTES);
  expect(isolate.deliveryBytes.peakBytes).toBeLessThanOrEqual(16 * MIB + endpoints.length * envelope);
  for (const one of endpoints) {
    await destination.behave(one, {});
    await destination.release(one);
  }
  for (const one of endpoints)
    await vi.waitFor(async () => expect((await destination.count(one)).distinct).toBe(8), { timeout: 60_000 });
  await vi.waitFor(() => expect(isolate.deliveryBytes.usedBytes).toBe(0));
}, 120_000);

it("large bodies that strangers leave open hold 16 MiB at most, and HighLevel's events go on", async () => {
  const location = locations.shift()!;
  const open: ReadableStreamDefaultController<Uint8Array>[] = [];
  const strangers = Array.from({ length: 40 }, () =>
    call(`/webhooks/${APP}`, {
      method: "POST",
      body: new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new Uint8Array(EVENT_BYTES));
          open.push(controller);
        },
      }),
    }),
  );
  const answers = strangers.map((answer) => answer.then(({ status }) => status));
  const first = await Promise.race(answers);
  expect(first).toBe(429);
  const sent = await upstream.sign("ContactCreate", { locationId: location });
  const headers = { "x-ghl-signature": sent.signature };
  expect((await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body })).status).toBe(200);
  expect(isolate.requestBytes.peakBytes).toBeGreaterThan(8 * MIB);
  expect(isolate.requestBytes.peakBytes).toBeLessThanOrEqual(16 * MIB);
  for (const controller of open) {
    try {
      controller.close();
    } catch {
      // Cancelled: it was refused.
    }
  }
  const counts = new Map<number, number>();
  for (const status of await Promise.all(answers)) counts.set(status, (counts.get(status) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({ 401: 17, 429: 23 });
  expect(isolate.requestBytes.usedBytes).toBe(0);
});

it("an app has no more endpoints than it may; the admin API says so, and how to change it", async () => {
  const config = isolate.readConfig(env);
  const app = config.apps.get(APP)!;
  const max = (await isolate.readDirectory(env).endpoints.count(APP)) + 1;
  const apps = new Map([[APP, { ...app, endpoints: { ...app.endpoints, max } }]]);
  vi.spyOn(isolate, "readConfig").mockReturnValue({ ...config, apps });
  const create = { name: "one", app: APP, kind: "https", target: `${DESTINATION}/cap` };
  const { endpoint } = await administer<{ endpoint: { id: string } }>("POST", "/admin/endpoints", create);
  const refused = await admin("POST", "/admin/endpoints", { body: create });
  expect(await refused.clone().text()).toContain("endpoints.max");
  expect(await codeOf(refused)).toEqual([409, "ERR_GHL_GATEWAY_ENDPOINTS_FULL"]);
  await admin("DELETE", `/admin/endpoints/${endpoint.id}`);
  const { endpoint: next } = await administer<{ endpoint: { id: string } }>("POST", "/admin/endpoints", create);
  await admin("DELETE", `/admin/endpoints/${next.id}`);
});
