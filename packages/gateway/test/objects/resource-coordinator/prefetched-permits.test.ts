import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { ResourceCoordinator } from "../../../src/objects/resource-coordinator/resource-coordinator.ts";
import { TokenGrant } from "../../../src/objects/token-grant/token-grant.ts";
import { call, codeOf, deliver, installLocation, keyed, upstream } from "../../support/calls/gateway.ts";
import { saturate } from "../../support/load/saturate.ts";
import { APP, LOCATIONS, SMALL_API_KEY, SMALL_APP, SMALL_LIMITS } from "../../support/setup/settings.ts";

const CALLS = 24;
let used = 0;
/** Installs a location with an unused budget. */
async function freshLocation(): Promise<{ readonly id: string; readonly read: Read }> {
  const id = LOCATIONS[used++]!;
  await installLocation(id);
  const read: Read = (contact = "c1", headers = {}) =>
    call(`/api/location/${id}/contacts/${contact}`, { headers: { ...keyed, ...headers } });
  return { id, read };
}
type Read = (contact?: string, headers?: Record<string, string>) => Promise<Response>;

/** Makes one call after the other. The last of four brings three more permits. */
async function readMany(read: Read, count: number): Promise<void> {
  for (let index = 0; index < count; index++) expect((await read()).status).toBe(200);
}
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(() => vi.restoreAllMocks());

it("consecutive calls go to the location's object only a few times, and each is counted", async () => {
  const { read } = await freshLocation();
  const acquire = vi.spyOn(ResourceCoordinator.prototype, "acquire");
  const before = (await upstream.log()).length;
  await readMany(read, CALLS);
  expect(acquire.mock.calls.length).toBeLessThan(CALLS / 2);
  const sent = (await upstream.log()).slice(before);
  expect(sent.filter((entry) => entry.path === "/contacts/c1")).toHaveLength(CALLS);
  const given = acquire.mock.settledResults.flatMap(({ value }) => {
    const reply = value as Awaited<ReturnType<ResourceCoordinator["acquire"]>>;
    return reply.ok ? [reply.permit.number, ...reply.prefetched.map(({ number }) => number)] : [];
  });
  expect(new Set(given).size).toBe(given.length);
  expect(given.length).toBeGreaterThanOrEqual(CALLS);
});

it("permits that one caller has prefetched serve no other caller", async () => {
  const { read } = await freshLocation();
  await readMany(read, 4);
  const acquire = vi.spyOn(ResourceCoordinator.prototype, "acquire");
  expect((await read("c1", { "x-gateway-priority": "bulk" })).status).toBe(200);
  expect(acquire).toHaveBeenCalledTimes(1);
});

it("unused permits go back with the next request to the object", async () => {
  const { read } = await freshLocation();
  await readMany(read, 4);
  await later(1_100);
  const acquire = vi.spyOn(ResourceCoordinator.prototype, "acquire");
  const unused = vi.spyOn(ResourceCoordinator.prototype, "returnUnused");
  await readMany(read, 1);
  expect(acquire.mock.calls.map(([request]) => request.returned.length)).toEqual([3]);
  // They go with the request, and not by one of their own.
  expect(unused).not.toHaveBeenCalled();
});

it("a call that HighLevel refuses goes to the object for its next permit or another token", async () => {
  const { read } = await freshLocation();
  await readMany(read, 4);
  const acquire = vi.spyOn(ResourceCoordinator.prototype, "acquire");
  await upstream.answer("prefetchedBusy", [{ status: 429, body: "{}", headers: { "retry-after": "0" } }]);
  const response = await read("prefetchedBusy");
  expect([response.status, response.headers.get("x-gateway-retries")]).toEqual([200, "1"]);
  expect(acquire.mock.calls.map(([{ retry }]) => retry)).toEqual([true]);
});

it("an uninstall ends prefetched permits: with HighLevel's 401, or after a second", async () => {
  const { id, read } = await freshLocation();
  await readMany(read, 4);
  await upstream.expire({ kind: "location", id });
  await deliver("UNINSTALL", { locationId: id, timestamp: new Date(Date.now() + 2_000).toISOString() });
  expect((await read()).status).not.toBe(200);
  await later(1_100);
  expect(await codeOf(await read())).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");
});

it("a token that expires before prefetched permits brings none", async () => {
  const { id } = await freshLocation();
  const coordinator = env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${id}`);
  const tenant = { app: APP, resource: { kind: "location", id } } as const;
  const request = {
    ...tenant,
    key: "test",
    priority: "normal",
    maxWaitMs: 0,
    acceptedTokenTypes: "any",
    scopes: [],
    returned: [],
  } as const;
  const given = { ok: true, accessToken: "a token", scopes: [], source: "refreshable" } as const;
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  for (const [freshForMs, count] of [
    [500, 0],
    [60_000, 3],
  ] as const) {
    accessToken.mockResolvedValue({ ...given, freshUntilMs: Date.now() + freshForMs });
    const reply = await coordinator.acquire({ ...request, prefetch: 3 });
    expect(reply.ok && reply.prefetched).toHaveLength(count);
    await later(600);
  }
});

it("unused permits go back also with a request that the object refuses", async () => {
  const { id } = await freshLocation();
  const coordinator = env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${id}`);
  const tenant = { app: APP, resource: { kind: "location", id } } as const;
  const request = {
    ...tenant,
    key: "test",
    priority: "normal",
    maxWaitMs: 0,
    acceptedTokenTypes: "any",
    scopes: [],
    prefetch: 3,
    returned: [],
  } as const;
  const settings = { accessToken: "a token", source: "refreshable", freshUntilMs: Date.now() + 60_000 } as const;
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  accessToken.mockResolvedValue({ ok: true, scopes: ["contacts.readonly"], ...settings });
  const expectedUsed = async (): Promise<number> => {
    const reply = await coordinator.permit(request);
    return reply.ok ? reply.permit.expectedUsed : Number.NaN;
  };
  const prefetch = async (): Promise<number[]> => {
    const reply = await coordinator.acquire(request);
    return reply.ok ? reply.prefetched.map(({ number }) => number) : [];
  };
  const returned = await prefetch();
  expect(returned).toHaveLength(3);
  const before = await expectedUsed();
  const refused = await coordinator.acquire({ ...request, scopes: ["users.readonly"], returned });
  expect(refused).toMatchObject({ ok: false, reason: "scope" });
  // One permit more is issued, and three came back.
  expect(await expectedUsed()).toBe(before + 1 - returned.length);
  const others = await prefetch();
  await coordinator.tokenChanged();
  accessToken.mockResolvedValue({ ok: false, reason: "not_installed" });
  const all = await expectedUsed();
  expect(await coordinator.acquire({ ...request, returned: others })).toMatchObject({ reason: "not_installed" });
  expect(await expectedUsed()).toBe(all + 1 - others.length);
});

it("6: one caller after the other, as fast as it goes: all are served, whatever window HighLevel counts in", async () => {
  const { burst: max, intervalMs } = SMALL_LIMITS;
  const outcomes = await Promise.all(
    (["sliding-log", "fixed-from-first", "token-bucket"] as const).map((window) =>
      saturate({
        app: SMALL_APP,
        apiKey: SMALL_API_KEY,
        location: `prefetch${window.replaceAll("-", "")}`,
        rateLimit: { max, intervalMs, daily: 200_000, window, externalShare: 0, phaseMs: 370 },
        rttMs: [5, 20],
        callers: 1,
        durationMs: 5 * intervalMs,
        minCalls: 2 * max + max / 2 + 1,
        span: { fromMs: 0, toMs: 0 },
      }),
    ),
  );
  for (const { served, refused, unserved } of outcomes) {
    expect(unserved).toBe(0);
    expect(served).toBeGreaterThan(2 * max);
    // a machine that is busy for longer than the limiter's pad of 0.5 s may cost as many as leave together
    expect(refused).toBeLessThanOrEqual(max / 2);
  }
});
