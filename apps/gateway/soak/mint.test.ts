import { beforeAll, expect, it } from "vitest";
import { firstCalls } from "../test/support/cold-locations.ts";
import { installCompany, upstream } from "../test/support/gateway.ts";
import { locationIds } from "../test/support/settings.ts";
import { parameters } from "./parameters.ts";

const locations = locationIds(parameters.locations);

beforeAll(async () => {
  expect((await installCompany(locations)).status).toBe(200);
});

it("5: cold locations of one company, all called for the first time at once: all served, no mint is refused", async () => {
  const startMs = performance.now();
  const { statuses, cameBack } = await firstCalls(locations, 60);
  const { made, refused } = await upstream.mints();
  const seconds = (performance.now() - startMs) / 1_000;
  console.log(JSON.stringify({ locations: locations.length, made, refused, cameBack, seconds }));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect({ made, refused }).toEqual({ made: locations.length, refused: 0 });
});
