import { describe, expect, test } from "vitest";
import { type Checkpoint, createPermitHost, type DayUse, type PermitHostOptions } from "../src/index.ts";
import { CONFIG, virtualClock } from "./virtual.ts";

const config = { ...CONFIG, burst: { limit: 4, intervalMs: 10_000 }, daily: { limit: 10 } };
const call = { key: "", priority: "interactive", maxWaitMs: 0 } as const;

function setUp(options: Partial<PermitHostOptions> = {}) {
  const { world, now, setTimer } = virtualClock();
  const saved: Checkpoint[] = [];
  const host = createPermitHost({ config, now, setTimer, saveCheckpoint: (row) => saved.push(row), ...options });
  return { world, host, saved };
}

describe("a permit host", () => {
  test("a permit host answers a request with a permit, or with a refusal that says when to come back", async () => {
    const { host } = setUp();
    const results = await Promise.all(Array.from({ length: 5 }, () => host.request(call)));
    expect(results.slice(0, 4)).toMatchObject([{ number: 1 }, { number: 2 }, { number: 3 }, { number: 4 }]);
    expect(results[4]).toMatchObject({ reason: "deadline", retryAfterMs: 10_500 });
  });

  test("a permit host wakes itself for the next waiting call", async () => {
    const { world, host } = setUp();
    for (let number = 1; number <= 4; number++) await host.request(call);
    const waiting = host.request({ ...call, maxWaitMs: 30_000 });
    for (let number = 1; number <= 4; number++) host.settle(number, { status: 200 });
    world.run(10_000);
    expect(await waiting).toMatchObject({ number: 5, startAtMs: 10_000 });
  });

  test("a permit host saves a checkpoint before the permit leaves", async () => {
    const events: string[] = [];
    const { host } = setUp({ saveCheckpoint: ({ lastPermit }) => events.push(`saved ${lastPermit}`) });
    await host.request(call).then((result) => events.push("number" in result ? `issued ${result.number}` : "refused"));
    expect(events).toEqual(["saved 1", "issued 1"]);
  });

  test("a permit host starts from the checkpoint of an earlier activation", async () => {
    const { host, saved } = setUp();
    await host.request(call);
    const later = setUp({ checkpoint: saved.at(-1) });
    expect(later.host.usage().burst.open).toBeLessThan(4);
    expect(later.host.usage().daily?.used).toBeGreaterThan(1);
  });

  test("a permit host without storage starts with the whole limit, and saves nothing", async () => {
    const { host, saved } = setUp({ saveCheckpoint: undefined });
    await host.request(call);
    expect(host.usage().burst.open).toBe(3);
    expect(saved).toEqual([]);
  });

  test("a permit host frees the slot of a permit that comes back unused", async () => {
    const { host } = setUp();
    for (let number = 1; number <= 4; number++) await host.request(call);
    expect(host.isIdle).toBe(false);
    host.returnUnused(2);
    expect(await host.request(call)).toMatchObject({ number: 5 });
  });

  test("a permit host issues prefetched permits with the permit for a call", async () => {
    const { host } = setUp({ config: { ...config, prefetchMs: 1_000 } });
    expect(await host.request({ ...call, prefetch: 1 })).toMatchObject({
      number: 1,
      prefetched: [{ number: 2, startAtMs: 1_000 }],
    });
  });

  test("a permit host warns once when the day is nearly used up, in the transaction that saves the fact", async () => {
    const events: (DayUse | number)[] = [];
    const { host, world } = setUp({
      config: { ...config, burst: { limit: 100, intervalMs: 10_000 } },
      saveCheckpoint: ({ daily }) => events.push(daily!.used),
      onDayWarning: (use) => events.push(use),
    });
    for (let number = 1; number <= 9; number++) await host.request(call);
    world.run(1);
    expect(events).toEqual([1, 8, { limit: 10, used: 8 }]);
  });

  test("a permit host rejects a request with the reason of its signal, and forgets it", async () => {
    const { host } = setUp();
    for (let number = 1; number <= 4; number++) await host.request(call);
    const controller = new AbortController();
    const waiting = host.request({ ...call, maxWaitMs: null, signal: controller.signal });
    expect(host.usage().waiting).toBe(1);
    const reason = new Error("cancelled");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(host.usage().waiting).toBe(0);
  });
});
