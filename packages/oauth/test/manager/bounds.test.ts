import { expect, test } from "vitest";
import { StoreClock } from "../../src/host/store-clock.ts";
import { ConfigurationError, createMemoryTokenStore, createTokenManager, type InstallEvent } from "../../src/index.ts";
import { BoundedMap } from "../../src/manager/bounded-map.ts";
import { Grants, MAX_KNOWN_GRANTS } from "../../src/manager/grants.ts";
import { createOAuthClient } from "../../src/oauth/oauth-client.ts";
import { resolveRuntime } from "../../src/runtime.ts";
import { createWorld, LIFE_MS, T0, tokenSet, wellBehaved } from "./virtual-world.ts";

const app = { clientId: "0123456789abcdef01234567-abc", clientSecret: "s", store: createMemoryTokenStore() };
const location = (id: string) => ({ kind: "location", id }) as const;

test("a bounded map drops what was not used for longest, and never what is in use", () => {
  const used = new Set(["a"]);
  const map = new BoundedMap<string>(3, (value) => used.has(value));
  for (const name of ["a", "b", "c"]) map.set(name, name);
  expect(map.get("b")).toBe("b");
  map.set("d", "d");
  // `a` is the oldest, but held; so the next one drops the two that were not used for longest.
  map.set("e", "e");
  expect(["a", "b", "c", "d", "e"].map((name) => map.get(name) !== undefined)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
  used.clear();
  map.set("f", "f");
  expect(map.size).toBe(3);
});

test("unknown location ids, however many, leave a bounded number of grants in memory", async () => {
  const runtime = resolveRuntime({});
  const clock = new StoreClock(app.store, runtime);
  const grants = new Grants(app, { client: createOAuthClient(app), runtime, clock });
  for (let index = 0; index < MAX_KNOWN_GRANTS * 2; index++) grants.refreshable(location(`unknown${index}`));
  expect(grants.size).toBe(MAX_KNOWN_GRANTS);
});

test("a grant that is being renewed stays known, whatever other grants are used meanwhile", async () => {
  const well = wellBehaved();
  const world = createWorld(async (call) => {
    await world.clock.sleep(3_000);
    return well(call);
  });
  const { manager, clock, calls } = world;
  await clock.run(manager.storeTokens(tokenSet("Location", "l1", { ageMs: LIFE_MS + 1_000 })));
  const first = manager.getAccessToken({ resource: location("l1") });
  const flood = clock.sleep(1_000).then(async () => {
    for (let index = 0; index < MAX_KNOWN_GRANTS + 10; index++)
      await manager.getAccessToken({ resource: location(`unknown${index}`) }).catch(() => {});
    return manager.getAccessToken({ resource: location("l1") });
  });
  const [one, other] = await clock.run(Promise.all([first, flood]));
  expect([one, calls.length]).toEqual([other, 1]);
}, 60_000);

test.each([
  { maxWaitMs: Number.NaN },
  { maxWaitMs: 0 },
  { maxWaitMs: -1 },
  { maxWaitMs: "20000" as unknown as number },
  { timeoutMs: Number.NaN },
])("%o is refused at construction", (options) => {
  expect(() => createTokenManager({ ...app, ...options })).toThrow(ConfigurationError);
});

test.each<Partial<InstallEvent>>([
  {},
  { timestamp: "" },
  { timestamp: "yesterday" },
  { timestamp: "11/30/2026" },
  { atMs: Number.NaN },
  { atMs: Date.parse("") },
])("a lifecycle event whose time is %o is refused, and forgets nothing", async (time) => {
  const { manager, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Location", "l1")));
  const event = { resource: location("l1"), ...time };
  await expect(manager.uninstalled(event)).rejects.toThrow(/^(timestamp|atMs) must be /);
  await expect(manager.installed(event)).rejects.toThrow(ConfigurationError);
  expect((await manager.state(location("l1")))?.status).toBe("active");
});

test("a lifecycle event is dated by HighLevel's text as well", async () => {
  const { manager, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Location", "l1")));
  await clock.run(manager.uninstalled({ resource: location("l1"), timestamp: new Date(T0 + 1_000).toISOString() }));
  expect(await manager.state(location("l1"))).toMatchObject({ status: "uninstalled", uninstalledAtMs: T0 + 1_000 });
});

test.each([{ obtainedAtMs: Number.NaN }, { expiresAtMs: Number.NaN }, { expiresAtMs: 0 }])(
  "tokens with the time %o are refused, not stored",
  async (change) => {
    const { manager } = createWorld();
    await expect(manager.storeTokens(tokenSet("Location", "l1", change))).rejects.toThrow(ConfigurationError);
    expect(await manager.state(location("l1"))).toBeUndefined();
  },
);

test("a private token whose date is no number is refused", async () => {
  const { manager } = createWorld();
  expect(() => manager.storePrivateToken(location("l1"), "pit-1", Number.NaN)).toThrow(ConfigurationError);
});

test("an error about an id of a megabyte is short, in its message and as JSON", async () => {
  const { manager, clock } = createWorld();
  const failed = clock.run(manager.getAccessToken({ resource: location("x".repeat(1_000_000)) }));
  const error = (await failed.catch((thrown: unknown) => thrown)) as Error;
  expect(error).toMatchObject({ code: "ERR_GHL_NOT_INSTALLED" });
  expect(error.message.length).toBeLessThan(300);
  expect(JSON.stringify(error).length).toBeLessThan(1_500);
});
