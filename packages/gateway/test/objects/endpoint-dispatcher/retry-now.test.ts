import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import type { EndpointStatus } from "../../../src/services/administration/endpoints.ts";
import { isolate } from "../../../src/worker.ts";
import { administer } from "../../support/calls/admin.ts";
import { deliver } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

const location = LOCATIONS[40]!;
let endpoints: TestEndpoint[] = [];
const add = async (settings: Partial<EndpointSettings>): Promise<TestEndpoint> => {
  const added = await addEndpoint(settings);
  endpoints.push(added);
  return added;
};
const at = ({ endpoint }: TestEndpoint, rest = ""): string => `/admin/endpoints/${endpoint.id}${rest}`;
const statusOf = (one: TestEndpoint) => administer<EndpointStatus>("GET", at(one, "/status"));

afterEach(async () => {
  for (const endpoint of endpoints) {
    await destination.release(endpoint);
    await removeEndpoint(endpoint);
  }
  endpoints = [];
});

describe("an operator who has fixed an endpoint", () => {
  it("waiting deliveries are sent at once when an operator enables the endpoint or changes its target", async () => {
    const first = await add({ types: ["ContactUpdate"], ordered: true });
    await destination.behave(first, { status: 503, headers: { "retry-after": "86400" }, times: 2 });
    for (const n of [1, 2]) await deliver("ContactUpdate", { locationId: location, id: "pulled", n });
    await vi.waitFor(async () => expect((await statusOf(first)).breaker.openUntilMs).not.toBeNull());
    await vi.waitFor(async () => expect(await statusOf(first)).toMatchObject({ due: 2 }));
    // Another setting, and a pause, are no reason to spend an attempt.
    const settings = {
      name: "other",
      kind: "https",
      types: ["ContactUpdate"],
      ordered: true,
      target: DESTINATION + first.path,
    };
    await administer("PUT", at(first), settings);
    await administer("POST", at(first, "/pause"));
    expect(await destination.count(first)).toMatchObject({ count: 1 });
    await administer("POST", at(first, "/enable"));
    await arrived(first, 2);
    const second = { ...first, path: `/${crypto.randomUUID()}` };
    await vi.waitFor(async () => expect((await statusOf(first)).breaker.openUntilMs).not.toBeNull());
    await administer("PUT", at(first), { ...settings, target: DESTINATION + second.path });
    const received = await arrived(second, 2);
    expect(received.map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n)).toEqual([1, 2]);
    expect(await destination.count(first)).toMatchObject({ count: 2 });
    await vi.waitFor(async () => expect(await statusOf(first)).toMatchObject({ due: 0 }));
    const { items } = await dispatcher(first).deliveries({}, 10);
    expect(items.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([[200], [503, 503, 200]]);
  });

  it("an in-flight delivery is retried at once after a change of the target, and its failure does not count", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    await destination.behave(endpoint, { status: 410, hang: true, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    await arrived(endpoint, 1);
    await dispatcher(endpoint).endpointChanged(true);
    await destination.release(endpoint);
    await arrived(endpoint, 2);
    await vi.waitFor(async () => expect(await statusOf(endpoint)).toMatchObject({ due: 0, dead: 0 }));
    expect(await isolate.readDirectory(env).endpoints.find(endpoint.endpoint.id)).toMatchObject({ state: "active" });
  });
});
