import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WINDOW_MODELS, type WindowModel } from "../../src/limits/windows.ts";

const models = Object.keys(WINDOW_MODELS) as WindowModel[];
const options = fc.record({
  max: fc.integer({ min: 1, max: 20 }),
  intervalMs: fc.constantFrom(1_000, 10_000),
  phaseMs: fc.nat(9_999),
});
/** Times between calls: bursts and pauses. */
const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(500), fc.nat(15_000)), { minLength: 1, maxLength: 120 });

describe.each(models)("%s", (model) => {
  test("a first burst gets the whole limit and no more, and one interval later there is room", () => {
    const window = WINDOW_MODELS[model]({ max: 5, intervalMs: 1_000, phaseMs: 0 });
    const taken = Array.from({ length: 7 }, () => window.take(10_000));
    expect(taken).toEqual([true, true, true, true, true, false, false]);
    expect(window.remaining(10_000)).toBe(0);
    expect(window.take(12_000)).toBe(true);
  });

  test("remaining is the number of calls that are let in at once", () => {
    fc.assert(
      fc.property(options, gaps, (given, times) => {
        const window = WINDOW_MODELS[model](given);
        let nowMs = 1_780_000_000_000;
        for (const gap of times) {
          nowMs += gap;
          const before = window.remaining(nowMs);
          expect(window.take(nowMs)).toBe(before > 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("nextMs is when the next one is let in, and not before", () => {
    fc.assert(
      fc.property(options, gaps, (given, times) => {
        const make = () => WINDOW_MODELS[model](given);
        const [early, right] = [make(), make()];
        let nowMs = 1_780_000_000_000;
        for (const gap of times) {
          nowMs += gap;
          early.take(nowMs);
          right.take(nowMs);
        }
        const nextMs = right.nextMs(nowMs);
        expect(nextMs).toBeGreaterThanOrEqual(nowMs);
        expect(right.take(nextMs + 0.01)).toBe(true);
        if (nextMs - 1 > nowMs) expect(early.take(nextMs - 1)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

test("each model counts in its own way", () => {
  /** Number of the calls at these times that are let in, at 10 in 1,000 ms. */
  const letIn = (model: WindowModel, times: readonly number[]): number => {
    const window = WINDOW_MODELS[model]({ max: 10, intervalMs: 1_000, phaseMs: 0 });
    return times.filter((atMs) => window.take(atMs)).length;
  };
  const at = (atMs: number): number[] => Array.from({ length: 10 }, () => atMs);
  // Late in one clock window, early in the next; then half an interval after the first burst; then 900 ms after it.
  const bursts = [...at(900), ...at(1_100), ...at(1_500), ...at(1_800)];
  expect(Object.fromEntries(models.map((model) => [model, letIn(model, bursts)]))).toEqual({
    fixed: 20,
    "fixed-from-first": 10,
    "sliding-log": 10,
    "two-cell": 18,
    "token-bucket": 19,
  });
});
