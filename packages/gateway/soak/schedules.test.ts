import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { installLocation } from "../test/support/calls/gateway.ts";
import { playSchedules, schedules } from "../test/support/load/schedules.ts";
import { locationIds } from "../test/support/setup/settings.ts";
import { parameters } from "./parameters.ts";

const locations = locationIds(parameters.beside);

beforeAll(async () => {
  for (const location of locations) await installLocation(location);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now(), shouldAdvanceTime: true });
});
afterAll(() => void vi.useRealTimers());

it("3: random schedules lose no grant and no event", async () => {
  let played = 0;
  const property = fc.asyncProperty(schedules(locations.length), async (drawn) => {
    await playSchedules(locations, drawn);
    played += locations.length;
    console.log(JSON.stringify({ played }));
  });
  // A failure names its schedule and the seed; smaller ones would be searched for a long time.
  const numRuns = Math.ceil(parameters.schedules / locations.length);
  await fc.assert(property, { numRuns, endOnFailure: true });
  expect(played).toBeGreaterThanOrEqual(parameters.schedules);
});
