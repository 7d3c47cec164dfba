import fc from "fast-check";
import { expect, it } from "vitest";
import { exceedsJsonDepth } from "../../src/index.ts";

function depthOf(value: unknown): number {
  return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

it("the depth check finds 6,000 nested lists", () => {
  expect(exceedsJsonDepth("[".repeat(6_000) + "]".repeat(6_000))).toBe(true);
});

it("the depth check agrees with the parsed value, brackets in strings included", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (value, max) => {
      expect(exceedsJsonDepth(JSON.stringify(value), max)).toBe(depthOf(value) > max);
    }),
  );
  expect(exceedsJsonDepth(JSON.stringify(['[[[\\"[[[']), 1)).toBe(false);
});
