import { expect, test } from "vitest";
import { limitsOf, spentHeaders } from "../../../src/domain/limits/budget.ts";

const OWN = { burst: { limit: 25, intervalMs: 1_500 }, daily: { limit: 10 } };

test("a used-up limit is reported with the app's own limits", () => {
  const burst = {
    "x-ratelimit-max": "25",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-interval-milliseconds": "1500",
  };
  expect(spentHeaders(OWN, "burst")).toEqual(burst);
  expect(spentHeaders(OWN, "daily")).toEqual({
    ...burst,
    "x-ratelimit-limit-daily": "10",
    "x-ratelimit-daily-remaining": "0",
  });
});

test("an app without a daily limit reports none, and one that is gone has HighLevel's", () => {
  expect(spentHeaders({ burst: OWN.burst }, "daily")).toEqual(spentHeaders(OWN, "burst"));
  expect(limitsOf(undefined)).toMatchObject({ burst: { limit: 100, intervalMs: 10_000 }, daily: { limit: 200_000 } });
});
