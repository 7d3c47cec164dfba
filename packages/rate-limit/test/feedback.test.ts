import { expect, test } from "vitest";
import { readFeedback, UNSETTLED_PAD_MS } from "../src/index.ts";
import { needsReport } from "../src/machine/report.ts";

const read = (headers: Record<string, string>) =>
  readFeedback({ status: 200, headers: new Headers(headers) }, 1_000_000);

test("reads the limits HighLevel sends", () => {
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
  const grant = { report: false, expectedUsed: 50 };
  const outcome = { grant, feedback: { status: 200, limit: 100, remaining: 50 }, rttMs: 300, intervalLimit: 100 };
  expect(needsReport(outcome)).toBe(false);
  expect(needsReport({ ...outcome, grant: { ...grant, report: true } })).toBe(true);
  expect(needsReport({ ...outcome, rttMs: UNSETTLED_PAD_MS + 1 })).toBe(true);
  expect(needsReport({ ...outcome, feedback: undefined })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 429 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200, limit: 25, remaining: 24 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200, limit: 100, remaining: 40 } })).toBe(true);
  expect(needsReport({ ...outcome, feedback: { status: 200 } })).toBe(false);
});
