import { expect, it } from "vitest";
import { ratePer } from "../support/highlevel/scenes.ts";

/** Bursts of ten, one millisecond between their calls, an interval and a half apart. */
const times = Array.from({ length: 200 }, (_, index) => Math.floor(index / 10) * 1_500 + (index % 10));

it.each([
  [0, 200],
  [3, 200],
  [0, 196],
  [7, 193],
])("the rate of bursts is theirs, also where calls %i to %i cut one", (from, to) => {
  expect(ratePer(1_000, times.slice(from, to), 10)).toBeCloseTo(10 / 1.5);
});

it("the rate of an even flow is its own, and that of too few calls is 0", () => {
  const even = Array.from({ length: 100 }, (_, index) => index * 50);
  expect(ratePer(1_000, even, 10)).toBeCloseTo(20);
  expect(ratePer(1_000, even.slice(0, 19), 10)).toBe(0);
});
