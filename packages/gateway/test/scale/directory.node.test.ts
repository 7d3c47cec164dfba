import { expect, it } from "vitest";
import { measureDirectory } from "../../scale/directory.ts";

it("no list of a filled directory reads a whole table", async () => {
  const timings = await measureDirectory({ locations: 200, days: 5 });
  expect(timings.length).toBeGreaterThan(15);
  expect(timings.filter(({ scans }) => scans).map(({ what }) => what)).toEqual([]);
});
