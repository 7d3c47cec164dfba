import { expect, test } from "vitest";
import {
  checkpoint,
  checkpointDue,
  createSlotLimiter,
  type DayUse,
  type Feedback,
  restore,
  type SlotLimiterState,
  step,
} from "../../../src/index.ts";
import { CONFIG } from "../../virtual.ts";

const config = { ...CONFIG, daily: { limit: 1_000 } };
const DAY_MS = 86_400_000;

function call(state: SlotLimiterState, nowMs: number): { state: SlotLimiterState; warning: DayUse | null } {
  const event = { type: "request", call: 1, key: "", priority: "interactive", maxWaitMs: 0 } as const;
  const { state: next, decision } = step(state, event, nowMs);
  return { state: next, warning: decision.dayWarning };
}

/** The state after a call with this answer. */
function answered(state: SlotLimiterState, feedback: Omit<Feedback, "status">, nowMs: number) {
  const { state: sent } = call(state, nowMs);
  const event = { type: "settle", permit: sent.lastPermit, feedback: { status: 200, ...feedback } } as const;
  const { state: next, decision } = step(sent, event, nowMs);
  return { state: next, warning: decision.dayWarning };
}

test("a day warns once when four fifths are used by our own count", () => {
  let state = createSlotLimiter(config, 0);
  const warnings: [number, DayUse][] = [];
  for (let made = 1; made <= 1_000; made++) {
    const { state: next, warning } = call(state, made * 1_000);
    state = next;
    if (warning !== null) warnings.push([made, warning]);
  }
  expect(warnings).toEqual([[800, { limit: 1_000, used: 800 }]]);
});

test("a day warns by HighLevel's count, and by a smaller limit of HighLevel's", () => {
  const state = createSlotLimiter(config, 0);
  expect(answered(state, { dailyLimit: 1_000, dailyRemaining: 201 }, 0).warning).toBeNull();
  expect(answered(state, { dailyLimit: 1_000, dailyRemaining: 200 }, 0).warning).toEqual({ limit: 1_000, used: 800 });
  expect(answered(state, { dailyLimit: 500, dailyRemaining: 50 }, 0).warning).toEqual({ limit: 500, used: 450 });
});

test("a checkpoint is due with the warning, and a restart does not repeat it, even if a corrected count passes the mark once more", () => {
  const before = call(createSlotLimiter(config, 0), 0).state;
  const { state: warned } = answered(before, { dailyLimit: 1_000, dailyRemaining: 200 }, 1);
  expect(checkpointDue(warned, checkpoint(before))).toBe(true);
  expect(checkpointDue(warned, checkpoint(warned))).toBe(false);
  const restored = restore(config, JSON.parse(JSON.stringify(checkpoint(warned))), 700_000);
  const corrected = answered(restored, { dailyLimit: 1_000, dailyRemaining: 210 }, 700_000);
  expect(corrected.warning).toBeNull();
  expect(answered(corrected.state, { dailyLimit: 1_000, dailyRemaining: 190 }, 700_001).warning).toBeNull();
});

test("the next day warns once more, whether its start was known or shows in HighLevel's count", () => {
  const { state } = answered(createSlotLimiter(config, 0), { dailyLimit: 1_000, dailyRemaining: 200 }, 0);
  const next = answered(state, { dailyLimit: 1_000, dailyRemaining: 200 }, DAY_MS);
  expect(next.warning).not.toBeNull();
  expect(checkpointDue(next.state, checkpoint(state))).toBe(true);
  const fresh = answered(state, { dailyLimit: 1_000, dailyRemaining: 999 }, 3_600_000).state;
  expect(answered(fresh, { dailyLimit: 1_000, dailyRemaining: 200 }, 3_600_001).warning).not.toBeNull();
});
