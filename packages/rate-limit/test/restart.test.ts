import { describe, expect, test } from "vitest";
import {
  checkpoint,
  checkpointDue,
  createSlotLimiter,
  restore,
  type SlotLimiterState,
  step,
  usageOf,
} from "../src/index.ts";
import { CONFIG } from "./virtual.ts";

const config = { ...CONFIG, daily: { limit: 1_000 } };

function requests(
  state: SlotLimiterState,
  count: number,
  nowMs: number,
): { state: SlotLimiterState; permits: number[] } {
  let next = state;
  const permits: number[] = [];
  for (let call = 1; call <= count; call++) {
    const { state: after, decision } = step(
      next,
      { type: "request", call, key: "", priority: "interactive", maxWaitMs: null },
      nowMs,
    );
    next = after;
    permits.push(...decision.grants.map(({ permit }) => permit));
  }
  return { state: next, permits };
}

const used = requests(createSlotLimiter(config, 0), 30, 1_000).state;

describe("after a restart within the interval", () => {
  const restored = restore(config, JSON.parse(JSON.stringify(checkpoint(used))), 3_000);

  test("one call probes, once calls under way have been counted, and asks for a report", () => {
    const { state, permits } = requests(restored, 5, 3_000);
    expect(permits).toEqual([]);
    const { decision } = step(state, { type: "tick" }, 3_500);
    expect(decision.grants).toMatchObject([{ report: true }]);
  });

  test("its answer opens what is left", () => {
    const { state, permits } = requests(restored, 100, 4_000);
    expect(permits).toHaveLength(1);
    const feedback = { status: 200, limit: 100, remaining: 69 };
    const { state: open, decision } = step(state, { type: "settle", permit: permits[0]!, feedback }, 4_100);
    expect(decision.grants).toHaveLength(69);
    expect(step(open, { type: "tick" }, 14_100).decision.grants.length).toBe(30);
  });

  test("an answer without headers opens nothing for an interval", () => {
    const { state, permits } = requests(restored, 100, 4_000);
    const { state: next } = step(state, { type: "settle", permit: permits[0]!, feedback: { status: 200 } }, 4_100);
    expect(usageOf(next, 14_099).burst.open).toBe(0);
    expect(step(next, { type: "tick" }, 14_100).decision.grants.length).toBe(99);
  });

  test("a probe that was not used is followed by another", () => {
    const { state, permits } = requests(restored, 2, 4_000);
    const { decision } = step(state, { type: "unused", permit: permits[0]! }, 4_100);
    expect(decision.grants).toMatchObject([{ call: 2, report: true }]);
  });

  test("a probe without answer ends the probing when nothing of before can still count", () => {
    const quick = { ...config, unsettledPadMs: 500 };
    const { state, permits } = requests(restore(quick, checkpoint(used), 3_000), 10, 4_000);
    expect(permits).toHaveLength(1);
    expect(step(state, { type: "tick" }, 14_500).decision.grants).toHaveLength(9);
  });

  test("no permit is given twice, and the day keeps its count", () => {
    const { permits } = requests(restored, 1, 4_000);
    expect(permits[0]).toBeGreaterThan(used.lastPermit);
    expect(restored.daily?.used).toBe(30 + 50);
  });
});

test("after a long stop nothing is probed", () => {
  const restored = restore(config, checkpoint(used), 200_000);
  expect(requests(restored, 100, 200_000).permits).toHaveLength(100);
});

test("a clock that went back over the restart is taken for a restart within the interval", () => {
  expect(restore(config, checkpoint(used), -5_000_000).probe).toEqual({ permit: 0 });
});

test("a checkpoint is due after the first permit, 50 permits, 5 s, and a restart", () => {
  const fresh = createSlotLimiter(config, 0);
  expect(checkpointDue(fresh, null)).toBe(false);
  const first = requests(fresh, 1, 0).state;
  expect(checkpointDue(first, null)).toBe(true);
  const saved = checkpoint(first);
  expect(checkpointDue(first, saved)).toBe(false);
  expect(checkpointDue(requests(first, 49, 0).state, saved)).toBe(false);
  expect(checkpointDue(requests(first, 50, 0).state, saved)).toBe(true);
  expect(checkpointDue(requests(first, 1, 5_000).state, saved)).toBe(true);
  expect(checkpointDue(restore(config, saved, 1), saved)).toBe(true);
});
