import { describe, expect, test } from "vitest";
import {
  checkpoint,
  checkpointDue,
  createSlotLimiter,
  restore,
  type SlotLimiterState,
  step,
  usageOf,
} from "../../../src/index.ts";
import { CONFIG } from "../../virtual.ts";

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
    permits.push(...decision.permits.map(({ number }) => number));
  }
  return { state: next, permits };
}

const start = createSlotLimiter(config, 0);
/** Three quarters of the limit and more: with the permits that may have been issued since, no slot is surely free. */
const used = requests(start, 80, 1_000).state;

describe("a restart that may leave no slot", () => {
  const restored = restore(config, JSON.parse(JSON.stringify(checkpoint(used))), 3_000);

  test("one call probes after earlier calls have been counted, and requests a report", () => {
    const { state, permits } = requests(restored, 5, 3_000);
    expect(permits).toEqual([]);
    const { decision } = step(state, { type: "tick" }, 3_500);
    expect(decision.permits).toMatchObject([{ report: true }]);
  });

  test("the answer to the probe opens the slots that are left", () => {
    const { state, permits } = requests(restored, 100, 4_000);
    expect(permits).toHaveLength(1);
    const feedback = { status: 200, limit: 100, remaining: 69 };
    const { state: open, decision } = step(state, { type: "settle", permit: permits[0]!, feedback }, 4_100);
    expect(decision.permits).toHaveLength(69);
    expect(step(open, { type: "tick" }, 14_100).decision.permits.length).toBe(30);
  });

  test("an answer without headers opens nothing for an interval", () => {
    const { state, permits } = requests(restored, 100, 4_000);
    const { state: next } = step(state, { type: "settle", permit: permits[0]!, feedback: { status: 200 } }, 4_100);
    expect(usageOf(next, 14_099).burst.open).toBe(0);
    expect(step(next, { type: "tick" }, 14_100).decision.permits.length).toBe(99);
  });

  test("a probe that returns unused is followed by another", () => {
    const { state, permits } = requests(restored, 2, 4_000);
    const { decision } = step(state, { type: "return", permit: permits[0]! }, 4_100);
    expect(decision.permits).toMatchObject([{ call: 2, report: true }]);
  });

  test("a probe without an answer ends the probing when no earlier call can still count", () => {
    const quick = { ...config, unsettledPadMs: 500 };
    const { state, permits } = requests(restore(quick, checkpoint(used), 3_000), 10, 4_000);
    expect(permits).toHaveLength(1);
    expect(step(state, { type: "tick" }, 14_500).decision.permits).toHaveLength(9);
  });

  test("no number is used twice, and the day keeps its count", () => {
    const { permits } = requests(restored, 1, 4_000);
    expect(permits[0]).toBeGreaterThan(used.lastPermit);
    expect(restored.daily?.used).toBe(80 + 25);
  });

  test("a second restart before the probe's answer probes once more", () => {
    const { state } = requests(restored, 1, 4_000);
    expect(checkpointDue(state, checkpoint(used))).toBe(true);
    expect(restore(config, checkpoint(state), 5_000).probe).toEqual({ permit: 0 });
  });
});

describe("a restart that leaves slots", () => {
  const quick = { ...CONFIG, daily: { limit: 200_000 }, unsettledPadMs: 500 };
  const open = (state: SlotLimiterState, nowMs: number): number => requests(state, 100, nowMs).permits.length;
  const little = requests(createSlotLimiter(quick, 0), 10, 1_000).state;

  test("calls start at once, without a report, next to those that may still count", () => {
    const { state, decision } = step(
      restore(quick, checkpoint(little), 3_000),
      { type: "request", call: 1, key: "", priority: "interactive", maxWaitMs: 0 },
      3_000,
    );
    expect(decision.permits).toMatchObject([{ startAtMs: 3_000, report: false, expectedUsed: 10 + 25 + 1 }]);
    expect(open(state, 3_000)).toBe(100 - 10 - 25 - 1);
    expect(open(state, 11_500)).toBe(100 - 25 - 1);
    expect(open(state, 13_500)).toBe(100);
  });

  test("a location that is called after each rest never probes, however often its object is evicted", () => {
    let state = requests(createSlotLimiter(quick, 0), 1, 0).state;
    for (let round = 1; round <= 100; round++) {
      const nowMs = round * 10_001;
      const { state: next, permits } = requests(restore(quick, checkpoint(state), nowMs), 1, nowMs);
      expect(permits).toHaveLength(1);
      state = next;
    }
    expect(state.daily?.used).toBeGreaterThanOrEqual(100);
  });

  test("calls that are spread over the interval do not leave in one moment", () => {
    const spread = { ...little, burst: 50 };
    expect(open(restore(quick, checkpoint(spread), 3_000), 3_000)).toBe(0);
    expect(open(restore(quick, checkpoint(spread), 3_000), 3_100)).toBe(1);
  });

  test("a checkpoint that does not know the slots in use is followed by a probe while they may count", () => {
    const unknown = { ...checkpoint(little), slotsFreeAtMs: null };
    expect(restore(quick, unknown, 3_000)).toMatchObject({ probe: { permit: 0 }, lastPermit: 10 + 25 });
    expect(restore(quick, unknown, 1_000 + 10_500)).toMatchObject({ probe: null, lastPermit: 10 + 25 });
  });
});

test("the whole limit is open after a long stop", () => {
  const restored = restore(config, checkpoint(used), 1_000 + 600_000 + 10_000 + config.unsettledPadMs);
  expect(requests(restored, 100, restored.nowMs).permits).toHaveLength(100);
});

test("a clock that went back over the restart is taken for a restart within the interval", () => {
  expect(restore(config, checkpoint(used), -5_000_000).probe).toEqual({ permit: 0 });
});

test("a checkpoint is due with the first permit of an activation, then after a quarter of the limit, and with one after ten minutes", () => {
  expect(checkpointDue(start, null)).toBe(false);
  const first = requests(start, 1, 0).state;
  expect(checkpointDue(first, null)).toBe(true);
  const saved = checkpoint(first);
  expect(checkpointDue(first, saved)).toBe(false);
  expect(checkpointDue(requests(first, 24, 0).state, saved)).toBe(false);
  expect(checkpointDue(requests(first, 25, 0).state, saved)).toBe(true);
  expect(checkpointDue(requests(first, 1, 599_999).state, saved)).toBe(false);
  expect(checkpointDue(requests(first, 1, 600_000).state, saved)).toBe(true);
  const busy = requests(first, 99, 0).state;
  expect(checkpointDue(requests(busy, 24, 200_000).state, checkpoint(busy))).toBe(false);
  expect(checkpointDue(requests(busy, 25, 200_000).state, checkpoint(busy))).toBe(true);
  const restored = restore(config, saved, 1);
  expect(checkpointDue(restored, saved)).toBe(false);
  expect(checkpointDue(requests(restored, 1, 1).state, saved)).toBe(true);
});

test("HighLevel's count corrects what restarts add to the day before it is 1 % of the limit and one restart more", () => {
  let state = requests(createSlotLimiter({ ...CONFIG, daily: { limit: 10_000 } }, 0), 1, 0).state;
  const reports: number[] = [];
  for (let round = 1; round <= 12; round++) {
    state = restore(state.config, checkpoint(state), round * 700_000);
    const event = { type: "request", call: 1, key: "", priority: "bulk", maxWaitMs: 0 } as const;
    const { state: next, decision } = step(state, event, round * 700_000);
    state = next;
    expect(state.daily!.used).toBeGreaterThanOrEqual(round + 1);
    const [permit] = decision.permits;
    if (!permit!.report) continue;
    reports.push(round);
    const feedback = { status: 200, dailyLimit: 10_000, dailyRemaining: 10_000 - round - 1 };
    state = step(state, { type: "settle", permit: permit!.number, feedback }, state.nowMs + 100).state;
    expect(state.daily!.used).toBe(round + 1);
  }
  expect(reports).toEqual([5, 10]);
});
