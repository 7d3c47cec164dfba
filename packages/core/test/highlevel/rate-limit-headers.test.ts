import fc from "fast-check";
import { expect, it } from "vitest";
import { readRateLimitHeaders } from "../../src/index.ts";

const NAMES = ["max", "remaining", "interval-milliseconds", "limit-daily", "daily-remaining", "daily-reset"];

const read = (value: string) => readRateLimitHeaders(new Headers(NAMES.map((name) => [`x-ratelimit-${name}`, value])));

it("the reader of rate headers reads the headers that HighLevel sends", () => {
  const headers = new Headers({
    "X-RateLimit-Limit-Daily": "200000",
    "X-RateLimit-Daily-Remaining": "199980",
    "X-RateLimit-Interval-Milliseconds": "10000",
    "X-RateLimit-Max": "100",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Daily-Reset": "84322000",
  });
  expect(readRateLimitHeaders(headers)).toEqual({
    burstLimit: 100,
    burstRemaining: 0,
    intervalMs: 10_000,
    dailyLimit: 200_000,
    dailyRemaining: 199_980,
    dailyResetMs: 84_322_000,
  });
});

it("the reader of rate headers omits what is absent", () => {
  expect(Object.values(readRateLimitHeaders(new Headers()))).toEqual(Array(6).fill(undefined));
});

it.each(["", " ", "many", "12 calls", "-1", "NaN", "Infinity"])("a header of %j counts as absent", (value) => {
  expect(Object.values(read(value))).toEqual(Array(6).fill(undefined));
});

it("the reader of rate headers gives a finite number of 0 or above, or nothing, for any text", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,12}$/), (text) => {
      for (const value of Object.values(read(text)))
        expect(value === undefined || (Number.isFinite(value) && value >= 0)).toBe(true);
    }),
  );
});
