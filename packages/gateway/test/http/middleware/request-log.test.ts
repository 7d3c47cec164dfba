import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMetrics } from "../../../src/platform/metrics.ts";
import { isolate } from "../../../src/worker.ts";
import { call, upstream } from "../../support/calls/gateway.ts";
import { arrived, destination, useEndpoints } from "../../support/endpoints/endpoints.ts";
import { ADMIN_KEY, APP, LOCATIONS } from "../../support/setup/settings.ts";

const { add } = useEndpoints();
const locations = LOCATIONS.slice(200, 220);
const admin = { headers: { authorization: `Bearer ${ADMIN_KEY}` } };
let lines: Record<string, unknown>[];
let points: AnalyticsEngineDataPoint[];

beforeEach(() => {
  lines = [];
  points = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Logs this share of the successes. */
const sample = (percent: number): void => void vi.spyOn(isolate, "successPercent").mockReturnValue(percent);

/** Binds a dataset to the Worker and its objects. */
function count(): void {
  const metrics = createMetrics({ writeDataPoint: (point) => void points.push(point!) });
  vi.spyOn(isolate, "readMetrics").mockReturnValue(metrics);
}

async function post(type: string, fields: Record<string, unknown> = {}): Promise<Response> {
  const sent = await upstream.sign(type, { locationId: locations.shift()!, ...fields });
  return call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": sent.signature }, body: sent.body });
}

describe("a gateway that logs no success", () => {
  beforeEach(() => sample(0));

  it("stored events, their deliveries and health checks are not logged", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    expect((await post("ContactCreate")).status).toBe(200);
    await arrived(endpoint, 1);
    expect((await call("/healthz")).status).toBe(200);
    expect(lines).toEqual([]);
  });

  it("refused webhooks, rejected keys and unknown routes are logged", async () => {
    await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": "AAAA" }, body: "{}" });
    const rejected = { headers: { authorization: "Bearer nobody" } };
    await call(`/api/location/${LOCATIONS[0]}/contacts/a`, rejected);
    await call("/admin/endpoints", rejected);
    await call("/nowhere");
    expect(lines.map(({ what, httpStatus }) => [what, httpStatus])).toEqual([
      ["request", 401],
      ["request", 401],
      ["request", 401],
      ["request", 404],
    ]);
  });

  it("quarantined events are logged with their id", async () => {
    const old = new Date(Date.now() - 10 * 86_400_000).toISOString();
    expect(await (await post("ContactCreate", { timestamp: old })).json()).toEqual({ outcome: "quarantined" });
    const id = expect.stringMatching(/^evt_[0-9a-f]{32}$/);
    expect(lines).toContainEqual(expect.objectContaining({ what: "request", outcome: "quarantined", eventId: id }));
  });

  it("every action of an operator is logged", async () => {
    expect((await call("/admin/endpoints", admin)).status).toBe(200);
    expect(lines).toMatchObject([{ what: "request", route: "/admin/endpoints", httpStatus: 200 }]);
  });

  it("a delivery that fails is logged with its event's id", async () => {
    const endpoint = await add({ types: ["ContactUpdate"] });
    await destination.behave(endpoint, { status: 500, times: 1 });
    await post("ContactUpdate");
    await vi.waitFor(() => expect(lines).toHaveLength(1), 5_000);
    const { id: endpointId } = endpoint.endpoint;
    expect(lines).toMatchObject([{ what: "delivery", endpointId, event: "ContactUpdate", outcome: "due" }]);
  });
});

it("the lines of an event have its id, so that they are logged together", async () => {
  sample(100);
  const endpoint = await add({ types: ["ContactCreate"] });
  await post("ContactCreate");
  await arrived(endpoint, 1);
  await vi.waitFor(() => expect(lines).toHaveLength(2), 5_000);
  expect(lines.map(({ what }) => what).sort()).toEqual(["delivery", "request"]);
  expect(new Set(lines.map(({ eventId }) => eventId)).size).toBe(1);
});

it("requests and deliveries are counted whatever is logged, and nothing of a location, caller or body is in a count", async () => {
  sample(0);
  count();
  const endpoint = await add({ types: ["ContactCreate"] });
  const location = locations[0]!;
  await post("ContactCreate");
  await arrived(endpoint, 1);
  await call("/admin/endpoints", admin);
  const { id } = endpoint.endpoint;
  await vi.waitFor(() => expect(points).toHaveLength(3), 5_000);
  expect(points.map(({ blobs }) => blobs).sort()).toEqual([
    ["delivery", APP, "ContactCreate", "delivered", "200", id],
    ["request", "", "/admin/endpoints", "answered", "200", ""],
    ["request", APP, "ContactCreate", "stored", "200", ""],
  ]);
  expect(points.map(({ doubles }) => doubles![0])).toEqual([1, 1, 1]);
  expect(JSON.stringify(points)).not.toContain(location);
});
