import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { TokenGrant } from "../../../src/objects/token-grant/token-grant.ts";
import { codeOf, deliver, installLocation, readContact, upstream } from "../../support/calls/gateway.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const [location, other, third, fourth, fifth, sixth, seventh, eighth, ninth] = LOCATIONS.slice(270, 279) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const KEY = "token:any";

const coordinatorOf = (id: string) => env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${id}`);
const cachedOf = (id: string): Promise<unknown> =>
  runInDurableObject(coordinatorOf(id), async (_object, { storage }) => {
    await storage.sync();
    return storage.kv.get(KEY);
  });
const writeCached = (id: string, cached: unknown): Promise<void> =>
  runInDurableObject(coordinatorOf(id), (_object, { storage }) => {
    storage.kv.put(KEY, cached);
    return storage.sync();
  });
const waitForCached = (id: string): Promise<void> =>
  vi.waitFor(async () => expect(await cachedOf(id)).toBeDefined(), { interval: 5 });

/** Evicts the object: its memory is gone. */
const evict = (id: string): Promise<void> =>
  runInDurableObject(coordinatorOf(id), (_object, state) => state.abort("evicted")).catch(() => {});

const read = async (id: string): Promise<number> => (await readContact(id)).status;

async function installed(id: string): Promise<void> {
  await installLocation(id);
  expect(await read(id)).toBe(200);
  await waitForCached(id);
}

afterEach(() => vi.restoreAllMocks());

it("a call that finds the location's object evicted wakes only that object", async () => {
  await installed(location);
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  for (let round = 0; round < 3; round++) {
    await evict(location);
    expect(await read(location)).toBe(200);
  }
  expect(accessToken).not.toHaveBeenCalled();
});

it("a cached token is encrypted, and only for its location", async () => {
  await installed(other);
  const secrets = await upstream.secrets();
  const text = JSON.stringify(await cachedOf(other));
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);

  await installed(seventh);
  await writeCached(seventh, await cachedOf(other));
  await evict(seventh);
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  expect(await read(seventh)).toBe(200);
  expect(accessToken).toHaveBeenCalledTimes(1);
});

it("an uninstall and a new installation remove the cached token before they return", async () => {
  await installed(third);
  await deliver("UNINSTALL", { locationId: third, timestamp: new Date(Date.now() + 2_000).toISOString() });
  expect(await cachedOf(third)).toBeUndefined();
  await evict(third);
  expect(await codeOf(await readContact(third))).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");

  await installed(fourth);
  const before = await cachedOf(fourth);
  await installLocation(fourth);
  expect(await cachedOf(fourth)).toBeUndefined();
  expect(await read(fourth)).toBe(200);
  await waitForCached(fourth);
  expect(await cachedOf(fourth)).not.toEqual(before);
});

it("a token that HighLevel rejects is replaced by the next one", async () => {
  await installed(fifth);
  const before = await cachedOf(fifth);
  await upstream.expire({ kind: "location", id: fifth });
  await evict(fifth);
  expect(await read(fifth)).toBe(200);
  await vi.waitFor(async () => expect(await cachedOf(fifth)).not.toEqual(before), { interval: 5 });
  await evict(fifth);
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  expect(await read(fifth)).toBe(200);
  expect(accessToken).not.toHaveBeenCalled();
});

it("without another token, no call is sent with a token that HighLevel has rejected", async () => {
  await installed(eighth);
  await upstream.expire({ kind: "location", id: eighth });
  // This is the state after a refresh has failed for good.
  vi.spyOn(TokenGrant.prototype, "accessToken").mockResolvedValue({ ok: false, reason: "reauth_required" });
  await evict(eighth);
  expect(await codeOf(await readContact(eighth))).not.toBe("ERR_GHL_GATEWAY_REAUTH_REQUIRED");
  const before = (await upstream.log()).length;
  for (let round = 0; round < 2; round++) {
    await evict(eighth);
    expect(await codeOf(await readContact(eighth))).toBe("ERR_GHL_GATEWAY_REAUTH_REQUIRED");
  }
  expect(await upstream.log()).toHaveLength(before);
});

it("a rejected private integration token is not cached, because there is no other one", async () => {
  const tenant = { app: APP, resource: { kind: "location", id: ninth } } as const;
  await env.TOKEN_GRANT.getByName(`${APP}:location:${ninth}`).storePrivateToken(
    tenant,
    "pit-that-highlevel-has-revoked",
  );
  expect(await read(ninth)).toBe(401);
  expect(await cachedOf(ninth)).toBeUndefined();
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  expect(await read(ninth)).toBe(401);
  expect(accessToken).toHaveBeenCalled();
  expect(await cachedOf(ninth)).toBeUndefined();
});

it("a token that expires soon is not cached, and an expired one is not used", async () => {
  await installLocation(sixth);
  const coordinator = coordinatorOf(sixth);
  const tenant = { app: APP, resource: { kind: "location", id: sixth } } as const;
  const request = {
    key: "test",
    priority: "normal",
    maxWaitMs: 0,
    acceptedTokenTypes: "any",
    scopes: [],
    prefetch: 0,
    returned: [],
  } as const;
  const given = { ok: true, accessToken: "a token", scopes: [], source: "refreshable" } as const;
  const accessToken = vi.spyOn(TokenGrant.prototype, "accessToken");
  const acquire = async (freshForMs: number) => {
    accessToken.mockResolvedValue({ ...given, freshUntilMs: Date.now() + freshForMs });
    expect((await coordinatorOf(sixth).acquire({ ...tenant, ...request })).ok).toBe(true);
  };
  await acquire(599_000);
  await coordinator.tokenChanged();
  expect(await cachedOf(sixth)).toBeUndefined();
  await acquire(601_000);
  await waitForCached(sixth);
  const cached = (await cachedOf(sixth)) as object;
  await writeCached(sixth, { ...cached, freshUntilMs: Date.now() - 1 });
  await evict(sixth);
  accessToken.mockClear();
  await acquire(1_000);
  expect(accessToken).toHaveBeenCalledTimes(1);
});

it("a token that was replaced during its encryption is not cached", async () => {
  await installLocation(sixth);
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const spy = vi.spyOn(crypto.subtle, "encrypt").mockImplementation(async (...given) => {
    await coordinatorOf(sixth).tokenChanged();
    return encrypt(...given);
  });
  expect(await read(sixth)).toBe(200);
  await vi.waitFor(() => expect(spy.mock.settledResults.length).toBeGreaterThanOrEqual(2), { interval: 5 });
  expect(await cachedOf(sixth)).toBeUndefined();
});
