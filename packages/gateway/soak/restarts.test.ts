import fc from "fast-check";
import { expect, it } from "vitest";
import { expectServed, playRestarts, restarts } from "../test/support/load/restarts.ts";
import { parameters } from "./parameters.ts";

/** All begin at once: the calls of forty keep the one thread of all objects busy for up to 1.6 s, three times the limiter's pad. */
const BESIDE = 20;

it("3: no window sees more than its limit, but for the probe of each crash, whenever a saturated object dies", async () => {
  let played = 0;
  let refused = 0;
  const property = fc.asyncProperty(restarts(BESIDE), async (drawn) => {
    for (const outcome of await playRestarts(drawn)) {
      expectServed(outcome);
      expect(outcome.refused).toBeLessThanOrEqual(outcome.crashes);
      played += 1;
      refused += outcome.refused;
      if (played % 100 === 0) console.log(JSON.stringify({ played, refused, lateMs: outcome.lateMs }));
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(parameters.schedules / BESIDE), endOnFailure: true });
  expect(played).toBeGreaterThanOrEqual(parameters.schedules);
});
