import { expect, test } from "vitest";
import { readTimeMs } from "../../../src/domain/events/time-of-change.ts";

test("a time of change is ISO 8601 or milliseconds, and nothing that Date.parse would guess at", () => {
  const timeMs = Date.UTC(2026, 5, 19, 8, 30);
  for (const value of ["2026-06-19T08:30:00.000Z", "2026-06-19T08:30:00Z", "2026-06-19T10:30:00+02:00", timeMs])
    expect(readTimeMs(value), String(value)).toBe(timeMs);
  // Without a zone it is UTC, not the zone of this machine.
  expect(readTimeMs("2026-06-19T08:30:00")).toBe(timeMs);
  for (const value of ["1", "June 19, 2026", "2026-06-19", "2026-02-30T00:00:00Z", "", -1, 1.5, Number.NaN, null, {}])
    expect(readTimeMs(value), String(value)).toBeUndefined();
});
