import { expect, test } from "vitest";
import { checkpoint, readFeedback, restore, UNSETTLED_PAD_MS } from "../src/index.ts";
import { needsReport } from "../src/machine/report.ts";
import { CONFIG, createMachine } from "./virtual.ts";

const read = (headers: Record<string, string>) =>
  readFeedback({ status: 200, headers: new Headers(headers) }, 1_000_000);

test("the limiter reads the limits that HighLevel sends", () => {
  const headers = {
    "X-RateLimit-Limit-Daily": "200000",
    "X-RateLimit-Daily-Remaining": "199980",
    "X-RateLimit-Interval-Milliseconds": "10000",
    "X-RateLimit-Max": "100",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Daily-Reset": "84322000",
  };
  expect(read(headers)).toEqual({
    status: 200,
    limit: 100,
    remaining: 0,
    intervalMs: 10_000,
    dailyLimit: 200_000,
    dailyRemaining: 199_980,
    dailyResetMs: 84_322_000,
    retryAfterMs: undefined,
  });
});

test.each(["", " ", "many", "-1", "NaN", "Infinity"])("a header of %j is as good as none", (value) => {
  expect(read({ "x-ratelimit-remaining": value, "x-ratelimit-max": value })).toMatchObject({
    remaining: undefined,
    limit: undefined,
  });
});

test.each([
  ["3", 3_000],
  ["0", 0],
  ["1.5", 1_500],
  ["Thu, 01 Jan 1970 00:16:50 GMT", 10_000],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["999999999", 24 * 3_600_000],
  ["soon", undefined],
  ["", undefined],
])("Retry-After %j is %j ms", (value, retryAfterMs) => {
  expect(read({ "retry-after": value }).retryAfterMs).toBe(retryAfterMs);
});

test("a host that reports exceptions reports what is one", () => {
  const permit = { report: false, expectedUsed: 50 };
  const outcome = { permit, feedback: { status: 200, limit: 100, remaining: 50 }, rttMs: 300, intervalLimit: 100 };
  expect(needsReport(outcome)).toBe(false);
  expect(needsReport({ ...outcome, permit: { ...permit, report: true } })).toBe(true);
  expect(needsReport({ ...outcome, rttMs: UNSETTLED_PAD_MS + 1 })).toBe(true);
  expect(needsReport({ ...outcome, feedback: undefined })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 429 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200, limit: 25, remaining: 24 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200, limit: 100, remaining: 40 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200 } })).toBe(false);
});

test.each([86_400_000_000, 1e300, 60_001])(
  "an interval of %d ms is not believed: the budget opens as before",
  (intervalMs) => {
    const machine = createMachine();
    expect(machine.request(0).permits).toHaveLength(1);
    machine.settle(1, 100, { status: 429, limit: 1, remaining: 0, intervalMs });
    expect(machine.request(11_000).permits).toHaveLength(1);
    const stored = { ...checkpoint(machine.state), intervalMs };
    expect(restore(CONFIG, stored, 11_000).intervalMs).toBeLessThanOrEqual(60_000);
  },
);

test("an interval that is longer and can be is taken over", () => {
  const machine = createMachine();
  machine.request(0);
  machine.settle(1, 100, { status: 200, intervalMs: 60_000 });
  expect(machine.state.intervalMs).toBe(60_000);
});
