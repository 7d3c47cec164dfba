import fc from "fast-check";
import { expect, it } from "vitest";
import { createMintTurns } from "../../../src/domain/limits/mint-turns.ts";

const BURST = { limit: 100, intervalMs: 10_000 };
const CYCLE_MS = 10_500;

it("the first turns of an idle company begin at once, and the next ones follow at equal distances after an interval", () => {
  const turns = createMintTurns(BURST);
  const times = Array.from({ length: 300 }, () => turns.take(0));
  expect(times.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 0));
  expect(times[100]).toBe(CYCLE_MS);
  expect(times[200]! - times[199]!).toBeCloseTo(105, 6);
  expect(times[299]).toBeCloseTo(CYCLE_MS * 3 - 105, 6);
});

it("no interval has more turns than the limit, whatever the times of the requests, and no turn is before an earlier one", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3_000 }), { minLength: 101, maxLength: 400 }), (pauses) => {
      const turns = createMintTurns(BURST);
      let nowMs = 0;
      const times = pauses.map((pause) => {
        nowMs += pause % 7 === 0 ? pause : 0;
        return turns.take(nowMs);
      });
      for (const [index, time] of times.entries()) {
        if (index > 0) expect(time).toBeGreaterThanOrEqual(times[index - 1]!);
        if (index >= 100) expect(time - times[index - 100]!).toBeGreaterThanOrEqual(CYCLE_MS - 1e-6);
      }
    }),
  );
});

it("a restarted object hands out turns after those of the earlier activation", () => {
  const before = createMintTurns(BURST);
  for (let count = 0; count < 500; count++) before.take(0);
  const after = createMintTurns(BURST, before.lastAtMs);
  expect(after.take(1_000)).toBeCloseTo(before.lastAtMs! + 105, 6);
});

it("a clock that was set back by days does not make locations wait for days", () => {
  const turns = createMintTurns(BURST, 3 * 86_400_000);
  expect(turns.take(0)).toBe(0);
});
