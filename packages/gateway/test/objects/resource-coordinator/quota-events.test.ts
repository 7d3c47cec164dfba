import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { leaveOfDay } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = [...LOCATIONS];
let endpoint: TestEndpoint;
let location: string;

const coordinator = () => env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${location}`);

async function received(count: number) {
  const received = await arrived(endpoint, count);
  const { secret } = endpoint;
  return Promise.all(received.map(({ body, headers }) => verifyGatewayDelivery({ body, headers, secrets: [secret] })));
}

beforeEach(async () => {
  location = locations.shift()!;
  endpoint = await addEndpoint({ types: ["quota.*"], resources: [{ kind: "location", id: location }] });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await removeEndpoint(endpoint);
});

it("a day that is four fifths used is reported once, also after a restart", async () => {
  await leaveOfDay(location, 40_001);
  await leaveOfDay(location, 40_000);
  const [first] = await received(1);
  expect(first).toMatchObject({
    name: "quota.daily_80",
    event: { limit: 200_000, used: 160_000 },
  });
  await leaveOfDay(location, 30_000);
  await evictDurableObject(coordinator());
  await leaveOfDay(location, 20_000);
  await runDurableObjectAlarm(coordinator());
  await runDurableObjectAlarm(dispatcher(endpoint));
  expect(await destination.count(endpoint)).toEqual({ count: 1, distinct: 1 });
});

it("a warning that cannot be sent is sent by the alarm, once, because it was stored with its checkpoint", async () => {
  const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(() => Promise.reject(new Error("broken")));
  await leaveOfDay(location, 10_000);
  await vi.waitFor(() => expect(store.mock.calls.length).toBeGreaterThanOrEqual(2));
  store.mockRestore();
  await evictDurableObject(coordinator());
  await runDurableObjectAlarm(coordinator());
  expect((await received(1)).map(({ name }) => name)).toEqual(["quota.daily_80"]);
  await leaveOfDay(location, 9_000);
  await runDurableObjectAlarm(coordinator());
  await runDurableObjectAlarm(dispatcher(endpoint));
  expect(await destination.count(endpoint)).toEqual({ count: 1, distinct: 1 });
});
