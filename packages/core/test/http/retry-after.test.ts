import fc from "fast-check";
import { expect, it } from "vitest";
import { readRetryAfterMs, retryAfterValue } from "../../src/index.ts";

/** 2027-01-15T08:00:00Z */
const NOW_MS = 1_800_000_000_000;

const read = (value: string | null) =>
  readRetryAfterMs(new Headers(value === null ? {} : { "retry-after": value }), NOW_MS);

it.each([
  ["120", 120_000],
  ["0", 0],
  ["1.5", 1_500],
  [" 3 ", 3_000],
  ["-5", 0],
  ["Fri, 15 Jan 2027 08:00:30 GMT", 30_000],
  ["Fri, 15 Jan 2027 07:00:00 GMT", 0],
  ["Friday, 15-Jan-27 08:00:30 GMT", 30_000],
])("Retry-After %j is a wait of %d ms", (value, expected) => {
  expect(read(value)).toBe(expected);
});

it.each([
  null,
  "",
  " ",
  "soon",
  "5 apples",
  "Infinity",
  "9".repeat(400),
  "2027-01-15",
  "Fri Jan 15 08:00:30 2027",
  "Fri, 99 Foo 2027 08:00:30 GMT",
])("Retry-After %j is not a wait", (value) => {
  expect(read(value)).toBeUndefined();
});

it("the parser of Retry-After reads every date that toUTCString writes, and never gives a negative wait", () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_400, max: 86_400 }), (seconds) => {
      const date = new Date(NOW_MS + seconds * 1_000).toUTCString();
      expect(read(date)).toBe(Math.max(0, seconds * 1_000));
    }),
  );
});

it("the parser of Retry-After gives a finite wait or nothing for any text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.stringMatching(/^[ -~]{0,30}$/), fc.stringMatching(/^[-\d.:, A-Za-z]{0,30}$/)), (value) => {
      const waitMs = read(value);
      expect(waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0)).toBe(true);
    }),
  );
});

it("the parser of Retry-After reads a written value as the same wait, rounded up to whole seconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (waitMs) => {
      const readMs = read(retryAfterValue(waitMs)) ?? Number.NaN;
      expect(readMs >= 1_000 && readMs >= waitMs && readMs < waitMs + 1_001).toBe(true);
    }),
  );
});
