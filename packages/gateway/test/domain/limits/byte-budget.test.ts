import fc from "fast-check";
import { expect, it } from "vitest";
import { createByteBudget, runWithin } from "../../../src/domain/limits/byte-budget.ts";

it("concurrent work never holds more bytes than the budget, or than one piece needs, and all of it is done in order", async () => {
  const works = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 150 }), ms: fc.nat(5), fails: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(works, async (drawn) => {
      const budget = createByteBudget(100);
      const begun: number[] = [];
      let inUse = 0;
      const results = await runWithin(
        budget,
        drawn.map(({ bytes, ms, fails }, index) => ({
          bytes,
          run: async () => {
            begun.push(index);
            inUse += bytes;
            expect(inUse <= 100 || inUse === bytes).toBe(true);
            for (let i = 0; i < ms; i++) await null;
            inUse -= bytes;
            if (fails) throw new Error("broken");
            return index;
          },
        })),
      );
      expect(begun).toEqual(drawn.map((_, index) => index));
      expect(results.map(({ status }) => status)).toEqual(drawn.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
      expect(budget.usedBytes).toBe(0);
      expect(budget.peakBytes).toBeLessThanOrEqual(Math.max(100, ...drawn.map(({ bytes }) => bytes)));
    }),
  );
});

it("bytes are given back once", () => {
  const budget = createByteBudget(100);
  const giveBack = budget.take(120);
  expect(budget.leftBytes()).toBe(0);
  giveBack();
  giveBack();
  expect([budget.usedBytes, budget.leftBytes(), budget.peakBytes]).toEqual([0, 100, 120]);
});
