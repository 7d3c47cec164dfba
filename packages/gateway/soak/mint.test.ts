import { beforeAll, expect, it } from "vitest";
import { installCompany, upstream } from "../test/support/calls/gateway.ts";
import { firstCalls } from "../test/support/load/cold-locations.ts";
import { locationIds } from "../test/support/setup/settings.ts";
import { parameters } from "./parameters.ts";

const LOOK_MS = 20;
const locations = locationIds(parameters.locations);

/** Returns the highest lateness of this thread in each ten seconds of the run, in ms. The gateway's objects share the thread. */
function watchLateness(): () => readonly number[] {
  const lateMs: number[] = [];
  const beginMs = performance.now();
  let lastMs = beginMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const tens = Math.floor((nowMs - beginMs) / 10_000);
    lateMs[tens] = Math.max(lateMs[tens] ?? 0, Math.round(nowMs - lastMs - LOOK_MS));
    lastMs = nowMs;
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return lateMs;
  };
}

beforeAll(async () => {
  expect((await installCompany(locations)).status).toBe(200);
});

it("5: cold locations of one company, all called for the first time at once: all served, no mint is refused", async () => {
  const startMs = performance.now();
  const lateness = watchLateness();
  const { statuses, cameBack } = await firstCalls(locations, 60);
  const { made, refused, refusedAfterMs } = await upstream.mints();
  const seconds = (performance.now() - startMs) / 1_000;
  const lateMs = lateness();
  console.log(
    JSON.stringify({ locations: locations.length, made, refused, refusedAfterMs, cameBack, seconds, lateMs }),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect({ made, refused }).toEqual({ made: locations.length, refused: 0 });
});
