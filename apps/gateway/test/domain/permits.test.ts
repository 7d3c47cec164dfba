import { describe, expect, test } from "vitest";
import { type PermitRules, type PermitState, takePermit } from "../../src/domain/permits.ts";

const rules: PermitRules = { slots: 100, intervalMs: 10_000, padMs: 500 };

function take(count: number, nowMs: number, maxWaitMs: number, state: PermitState = []) {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const decision = takePermit(state, rules, { nowMs, maxWaitMs });
    state = decision.state;
    if (decision.granted) times.push(decision.atMs);
  }
  return { times, state };
}

describe("permits", () => {
  test("a burst goes at once, the next waits for the first slot", () => {
    const { times } = take(101, 0, 20_000);
    expect(times.slice(0, 100).every((atMs) => atMs === 0)).toBe(true);
    expect(times[100]).toBe(10_500);
  });

  test("300 at once leave in three bursts, one interval and the pad apart", () => {
    const { times } = take(300, 0, 60_000);
    expect([times[99], times[199], times[299]]).toEqual([0, 10_500, 21_000]);
  });

  test("in any interval at most as many as there are slots", () => {
    let state: PermitState = [];
    const granted: number[] = [];
    for (let nowMs = 0; nowMs < 60_000; nowMs += 37) {
      const decision = takePermit(state, rules, { nowMs, maxWaitMs: 5_000 });
      state = decision.state;
      if (decision.granted) granted.push(decision.atMs);
    }
    for (const from of granted)
      expect(granted.filter((atMs) => atMs >= from && atMs < from + rules.intervalMs).length).toBeLessThanOrEqual(100);
  });

  test("who would wait too long is told when, and takes no slot", () => {
    const { state } = take(100, 0, 0);
    const refused = takePermit(state, rules, { nowMs: 1_000, maxWaitMs: 9_499 });
    expect(refused).toMatchObject({ granted: false, retryAtMs: 10_500 });
    expect(refused.state).toHaveLength(100);
    expect(takePermit(state, rules, { nowMs: 1_000, maxWaitMs: 9_500 })).toMatchObject({ granted: true, atMs: 10_500 });
  });
});
