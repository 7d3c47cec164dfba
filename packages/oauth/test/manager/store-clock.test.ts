import { expect, test } from "vitest";
import { createMemoryTokenStore, type TokenStore } from "../../src/index.ts";
import { createWorld, invalidGrant, LIFE_MS, T0, tokenSet, wellBehaved } from "./virtual-world.ts";

const company = { kind: "company", id: "company" } as const;

/** HighLevel without any grace: a refresh token works once, and its answer takes 4 s. */
function slowWorld(withClock: boolean) {
  const well = wellBehaved();
  let sent = 0;
  const memory = createMemoryTokenStore();
  const store: TokenStore = withClock ? { ...memory, now: async () => world.clock.nowMs } : memory;
  const world = createWorld(
    async (call) => {
      const isFirst = ++sent === 1;
      await world.clock.sleep(4_000);
      return isFirst ? well(call) : invalidGrant();
    },
    { store },
  );
  return world;
}

test.each([9_000, 30_000, 3_600_000, -9_000, -30_000, -3_600_000])(
  "a clock that differs by %i ms from another machine's does not have a refresh token sent twice",
  async (skewMs) => {
    const world = slowWorld(true);
    const { clock, calls } = world;
    const skewed = world.another({ now: () => clock.nowMs + skewMs });
    await clock.run(world.manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS + 1_000 })));
    const first = world.manager.getAccessToken({ resource: company });
    const second = clock.sleep(1_000).then(() => skewed.getAccessToken({ resource: company }));
    const [one, other] = await clock.run(Promise.all([first, second]));
    expect([one, calls.length]).toEqual([other, 1]);
    // The other machine first: its lease is as good, and so are the times of what it gets.
    const state = (await skewed.state(company))!;
    expect(state.current!.obtainedAtMs).toBe(T0);
  },
);

test("the machine whose clock is wrong refreshes in the store's time, too", async () => {
  const world = slowWorld(true);
  const { clock, calls } = world;
  const skewed = world.another({ now: () => clock.nowMs - 30_000 });
  await clock.run(world.manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS + 1_000 })));
  const first = skewed.getAccessToken({ resource: company });
  const second = clock.sleep(1_000).then(() => world.manager.getAccessToken({ resource: company }));
  const [one, other] = await clock.run(Promise.all([first, second]));
  expect([one, calls.length]).toEqual([other, 1]);
});

test("a store without a clock bears clocks that differ by 1.5 s, the documented bound", async () => {
  for (const skewMs of [1_500, -1_500]) {
    const world = slowWorld(false);
    const { clock, calls } = world;
    const skewed = world.another({ now: () => clock.nowMs + skewMs });
    await clock.run(world.manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS + 1_000 })));
    const first = world.manager.getAccessToken({ resource: company });
    const second = clock.sleep(1_000).then(() => skewed.getAccessToken({ resource: company }));
    await clock.run(Promise.all([first, second]));
    expect(calls).toHaveLength(1);
  }
});

test("a store whose clock gives no number is a failing store, and no token is sent by it", async () => {
  const { clock, calls, manager } = createWorld(wellBehaved(), {
    store: { ...createMemoryTokenStore(), now: async () => Number.NaN },
  });
  const failed = clock.run(manager.getAccessToken({ resource: company }));
  await expect(failed).rejects.toMatchObject({ code: "ERR_GHL_STORE" });
  expect(calls).toEqual([]);
});
