import { describe, expect, test } from "vitest";
import { usageOf } from "../../src/index.ts";
import { slotCount } from "../../src/machine/rules/slots.ts";
import { createMachine } from "../virtual.ts";

const BURST = { limit: 10, intervalMs: 10_000 };

describe("external usage", () => {
  test("external usage is taken from our slots, and given back when it is gone", () => {
    const m = createMachine({ burst: BURST });
    for (let n = 0; n < 5; n++) m.request(0);
    for (let permit = 1; permit <= 5; permit++) m.settle(permit, 100, { status: 200, limit: 10, remaining: 1 });
    expect(slotCount(m.state)).toBeLessThanOrEqual(8);
    m.feed({ type: "tick" }, 10_000);
    m.feed({ type: "tick" }, 200_000);
    expect(slotCount(m.state)).toBe(10);
  });

  test("our own calls are not external, even if they ended between start and answer", () => {
    const m = createMachine({ burst: BURST });
    for (let n = 0; n < 9; n++) m.request(0);
    for (let permit = 1; permit <= 9; permit++) m.settle(permit, 50, { status: 200, limit: 10, remaining: 1 });
    m.request(10_000);
    // HighLevel counts it at 10,040 together with the nine earlier calls, which have ended by the time of the answer.
    m.settle(10, 10_400, { status: 200, limit: 10, remaining: 0 });
    expect(m.state.externalUsage).toBe(0);
  });

  test("a limit set too high, without any headers, is found by refusals alone", () => {
    const m = createMachine({ burst: { limit: 100, intervalMs: 10_000 } });
    const REAL = 25;
    let refusedInLast = 0;
    let permit = 0;
    for (let round = 0; round < 12; round++) {
      const startMs = round * 11_000;
      let granted = 0;
      for (let n = 0; n < 200; n++) {
        const { permits, refusals } = m.request(startMs + n * 50, { maxWaitMs: 0 });
        expect(permits.length + refusals.length).toBe(1);
        if (permits.length === 0) continue;
        granted++;
        permit = permits[0]!.number;
        m.settle(permit, startMs + n * 50 + 20, { status: granted > REAL ? 429 : 200 });
      }
      refusedInLast = Math.max(0, granted - REAL);
    }
    expect(refusedInLast).toBeLessThanOrEqual(8);
  });
});

describe("an unexpected 429", () => {
  const refuse = (m: ReturnType<typeof createMachine>): void => {
    for (let n = 0; n < 100; n++) m.request(0);
    for (let permit = 1; permit <= 90; permit++) m.settle(permit, 100, { status: 200 });
    for (let permit = 91; permit <= 100; permit++) m.settle(permit, 100, { status: 429 });
  };

  test("an unexpected 429 cuts the burst once for all calls that left together", () => {
    const m = createMachine();
    refuse(m);
    expect(m.state.burst).toBe(12);
  });

  test("an unexpected 429 spreads the following calls, and the burst comes back step by step", () => {
    const m = createMachine();
    refuse(m);
    for (let n = 0; n < 150; n++) m.request(200);
    const { permits } = m.feed({ type: "tick" }, 10_100);
    expect(permits.length).toBeLessThanOrEqual(12);
    const { burst } = m.state;
    m.feed({ type: "tick" }, 20_000);
    expect(m.state.burst).toBeCloseTo(burst + 2);
    m.feed({ type: "tick" }, 2_000_000);
    expect(m.state.burst).toBe(100);
  });

  test("an unexpected 429 with Retry-After stops everything until then", () => {
    const m = createMachine();
    m.request(0);
    m.settle(1, 100, { status: 429, retryAfterMs: 4_000 });
    expect(usageOf(m.state, 100).burst.open).toBe(0);
    const { permits, wakeAtMs } = m.request(200);
    expect(permits).toEqual([]);
    expect(wakeAtMs).toBe(4_100);
    expect(m.feed({ type: "tick" }, 4_100).permits).toHaveLength(1);
  });

  test("an unexpected 429 of the day does not touch the burst", () => {
    const m = createMachine({ daily: { limit: 1_000 } });
    m.request(0);
    m.settle(1, 100, { status: 429, limit: 100, remaining: 99, dailyRemaining: 0, dailyLimit: 1_000 });
    expect(m.state.burst).toBe(100);
    expect(m.request(200).refusals).toMatchObject([{ reason: "daily" }]);
  });
});

describe("the day", () => {
  test("a less urgent call stops earlier in the day", () => {
    const m = createMachine({ daily: { limit: 20 }, reserves: { interactive: 0, normal: 0.1, bulk: 0.5 } });
    const granted = { bulk: 0, normal: 0, interactive: 0 };
    for (const priority of ["bulk", "normal", "interactive"] as const)
      for (let n = 0; n < 20; n++) granted[priority] += m.request(0, { priority }).permits.length;
    expect(granted).toEqual({ bulk: 10, normal: 8, interactive: 2 });
  });

  test("calls that wait are refused when it ends while they wait", () => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, daily: { limit: 2 } });
    m.request(0, { priority: "interactive" });
    m.request(0, { priority: "interactive" });
    m.request(0, { priority: "interactive" });
    m.settle(1, 100, { status: 200 });
    const atEnd = m.feed({ type: "tick" }, 10_100);
    expect(atEnd).toMatchObject({ permits: [{ number: 2 }], refusals: [{ call: 3, reason: "daily" }] });
    expect(atEnd.wakeAtMs).toBeNull();
  });

  test("a day whose end is unknown is tried with one call a quarter of an hour", () => {
    const m = createMachine({ daily: { limit: 1_000 } });
    m.request(0);
    m.settle(1, 100, { status: 429, dailyRemaining: 0 });
    const [refused] = m.request(200).refusals;
    expect(refused!.retryAfterMs).toBe(15 * 60_000 - 100);
    const atMs = 200 + refused!.retryAfterMs;
    expect(m.request(atMs, { priority: "interactive" }).permits).toHaveLength(1);
    expect(m.request(atMs, { priority: "interactive" }).refusals).toHaveLength(1);
    m.settle(2, atMs + 100, { status: 200, dailyRemaining: 999 });
    expect(m.request(atMs + 200).permits).toHaveLength(1);
  });

  test("HighLevel's count is believed in both directions", () => {
    const m = createMachine({ daily: { limit: 1_000 } });
    m.request(0);
    m.settle(1, 100, { status: 200, dailyLimit: 1_000, dailyRemaining: 400 });
    expect(m.state.daily?.used).toBe(600);
    m.request(200);
    m.request(200);
    m.settle(2, 300, { status: 200, dailyLimit: 1_000, dailyRemaining: 998 });
    // HighLevel may not have counted permit 3 yet.
    expect(m.state.daily?.used).toBe(3);
  });
});

describe("the clock", () => {
  test("a clock that is set back lengthens no wait beyond its rest", () => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 } });
    m.request(1_000_000);
    m.settle(1, 1_000_000, { status: 200 });
    m.request(1_004_000, { maxWaitMs: 20_000 });
    const { wakeAtMs } = m.feed({ type: "tick" }, 500_000);
    expect(wakeAtMs).toBe(506_000);
    expect(m.feed({ type: "tick" }, 506_000).permits).toHaveLength(1);
  });
});

test("a late answer takes its slot once more, an invented permit takes none", () => {
  const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, unsettledPadMs: 500 });
  m.request(0);
  m.settle(1, 12_000, { status: 200 });
  expect(usageOf(m.state, 12_000).burst.open).toBe(0);
  expect(usageOf(m.state, 22_000).burst.open).toBe(1);
  m.settle(77, 22_000, { status: 200 });
  expect(usageOf(m.state, 22_000).burst.open).toBe(1);
});

test("a queue that is full until this moment takes one more", () => {
  const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, maxQueue: 1, unsettledPadMs: 500 });
  m.request(0);
  m.request(1);
  expect(m.request(2).refusals.map(({ reason }) => reason)).toEqual(["queue_full"]);
  const { permits, refusals } = m.request(10_500);
  expect(permits.map(({ call }) => call)).toEqual([2]);
  expect(refusals).toEqual([]);
  expect(m.state.waiting.count).toBe(1);
});
