import { expect, it } from "vitest";
import { readIsoTimeMs } from "../../src/index.ts";

it.each([
  ["2026-11-30T10:00:00.000Z", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00z", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00+0230", Date.UTC(2026, 10, 30, 7, 30)],
  ["2026-11-30T10:00", Date.UTC(2026, 10, 30, 10)],
  ["2026-01-31T10:00:00Z", Date.UTC(2026, 0, 31, 10)],
  ["2028-02-29T10:00:00Z", Date.UTC(2028, 1, 29, 10)],
  ["2026-02-29T10:00:00Z", undefined],
  ["2026-02-30T10:00:00Z", undefined],
  ["2026-04-31T10:00:00Z", undefined],
  ["2026-13-01T10:00:00Z", undefined],
  ["2026-11-00T10:00:00Z", undefined],
  ["2026-11-30", undefined],
  ["1", undefined],
  ["", undefined],
  ["Nov 30 2026", undefined],
  [1_700_000_000_000, undefined],
  [null, undefined],
  [undefined, undefined],
])("the time of %j is %j", (value, timeMs) => {
  expect(readIsoTimeMs(value)).toBe(timeMs);
});
