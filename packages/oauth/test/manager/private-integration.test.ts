import { expect, test } from "vitest";
import { createWorld, T0, tokenSet } from "./virtual-world.ts";

const DAY_MS = 86_400_000;
const location = { kind: "location", id: "l1" } as const;

test("a private integration token is used as it is, in every process", async () => {
  const { manager, another, calls, clock } = createWorld();
  await clock.run(manager.storePrivateToken(location, "pit-1"));
  expect(await clock.run(manager.getAccessToken({ resource: location }))).toBe("pit-1");
  expect(await clock.run(another().getAccessToken({ resource: location }))).toBe("pit-1");
  expect(calls).toEqual([]);
});

test("a private integration token causes a reminder after 80 days, once for all processes", async () => {
  const { manager, another, events, clock } = createWorld();
  expect(await clock.run(manager.storePrivateToken(location, "pit-1"))).toEqual({
    createdAtMs: T0,
    remindAtMs: T0 + 80 * DAY_MS,
    rotateAtMs: T0 + 90 * DAY_MS,
    due: false,
  });
  clock.nowMs = T0 + 80 * DAY_MS - 1;
  await clock.run(manager.tick(location));
  expect(events).toEqual([]);
  clock.nowMs = T0 + 80 * DAY_MS;
  for (const each of [manager, another(), another()]) await clock.run(each.getAccessToken({ resource: location }));
  expect(events).toEqual([{ type: "rotation_due", resource: location, source: "private", atMs: T0 + 80 * DAY_MS }]);
  expect((await clock.run(manager.privateTokenStatus(location)))?.due).toBe(true);
  await clock.run(manager.storePrivateToken(location, "pit-2"));
  clock.nowMs += 80 * DAY_MS;
  await clock.run(manager.getAccessToken({ resource: location }));
  expect(events).toHaveLength(2);
});

test("an old token is used for 7 days beside the new one, when the new one is refused", async () => {
  const { manager, clock } = createWorld();
  await clock.run(manager.storePrivateToken(location, "pit-1"));
  clock.nowMs += 85 * DAY_MS;
  const status = await clock.run(manager.storePrivateToken(location, "pit-2"));
  expect(status).toMatchObject({
    createdAtMs: clock.nowMs,
    previousValidUntilMs: clock.nowMs + 7 * DAY_MS,
    due: false,
  });
  const token = (rejectedToken?: string) => clock.run(manager.getAccessToken({ resource: location, rejectedToken }));
  expect(await token()).toBe("pit-2");
  expect(await token("pit-2")).toBe("pit-1");
  expect(await token("pit-1")).toBe("pit-2");
  clock.nowMs += 7 * DAY_MS;
  expect(await token("pit-2")).toBe("pit-2");
  expect((await clock.run(manager.privateTokenStatus(location)))?.previousValidUntilMs).toBeUndefined();
});

test("keeping the same token twice changes nothing", async () => {
  const { manager, clock } = createWorld();
  await clock.run(manager.storePrivateToken(location, "pit-1"));
  clock.nowMs += DAY_MS;
  expect((await clock.run(manager.storePrivateToken(location, "pit-1"))).createdAtMs).toBe(T0);
});

test("the operation decides between OAuth and private integration token", async () => {
  const { manager, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Location", "l1")));
  await clock.run(manager.storePrivateToken(location, "pit-1"));
  const token = (...acceptedTokenTypes: string[]) =>
    clock.run(manager.getAccessToken({ resource: location, acceptedTokenTypes }));
  expect(await token()).toBe("access-l1-0");
  expect(await token("location", "location-pit")).toBe("access-l1-0");
  expect(await token("location-pit")).toBe("pit-1");
  expect(await token()).toBe("access-l1-0");
});

test("a private integration token in use costs no I/O; a grant that is installed beside it is seen within a minute", async () => {
  const { manager, another, store, clock } = createWorld();
  await clock.run(manager.storePrivateToken(location, "pit-1"));
  const token = () => clock.run(manager.getAccessToken({ resource: location }));
  expect(await token()).toBe("pit-1");
  const load = store.load;
  store.load = () => expect.unreachable("no store call is needed");
  expect(await token()).toBe("pit-1");
  store.load = load;
  await clock.run(another().storeTokens(tokenSet("Location", "l1")));
  clock.nowMs += 60_000;
  expect(await token()).toBe("access-l1-0");
});
