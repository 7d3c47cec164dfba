import fc from "fast-check";
import { expect, it } from "vitest";
import { expectServed, playRestarts, restarts } from "../../support/load/restarts.ts";
import { ALL_WINDOWS, EXACT_WINDOWS, saturate } from "../../support/load/saturate.ts";
import { SMALL_API_KEY, SMALL_APP, SMALL_LIMITS } from "../../support/setup/settings.ts";

const { burst: max, intervalMs } = SMALL_LIMITS;
const CALLS = 3 * max;

/** Three times the limit at once, against a HighLevel for each window; utilisation is measured by `pnpm run soak`. */
const saturateAll = (windows: readonly (typeof ALL_WINDOWS)[number][], externalShare: number) =>
  Promise.all(
    windows.map((window) =>
      saturate({
        app: SMALL_APP,
        apiKey: SMALL_API_KEY,
        location: `${window.replaceAll("-", "")}${100 * externalShare}`,
        rateLimit: { max, intervalMs, daily: 200_000, window, externalShare, phaseMs: 370 },
        rttMs: [20, 100],
        callers: CALLS,
        durationMs: 0,
        span: { fromMs: 0, toMs: 0 },
      }),
    ),
  );

// Virtual time shows none (packages/rate-limit). A machine that is busy for longer than the limiter's pad of 0.5 s may cost as
// many as leave together; without the limiter two thirds of the calls would be refused.
const MAX_REFUSED = CALLS / 6;

it("6: all calls are served whatever window HighLevel counts in, at the first try but for a few", async () => {
  for (const { served, refused, unserved } of await saturateAll(EXACT_WINDOWS, 0)) {
    expect({ served, unserved }).toEqual({ served: CALLS, unserved: 0 });
    expect(refused).toBeLessThanOrEqual(MAX_REFUSED);
  }
}, 60_000);

it("6: all calls are served beside an unknown consumer, and in two-cell windows", async () => {
  const outcomes = await Promise.all([saturateAll(ALL_WINDOWS, 0.2), saturateAll(["two-cell"], 0)]);
  for (const { served, refused, unserved } of outcomes.flat()) {
    expect({ served, unserved }).toEqual({ served: CALLS, unserved: 0 });
    expect(refused).toBeLessThan(CALLS);
  }
}, 60_000);

it("3: all calls are served whenever the object of a saturated budget dies, and the windows see no other limit", async () => {
  const [drawn] = fc.sample(restarts(10), 1);
  for (const outcome of await playRestarts(drawn!)) {
    expectServed(outcome);
    // An activation that started with an empty budget would have as many refused as the limit.
    expect(outcome.refused).toBeLessThanOrEqual(outcome.crashes + MAX_REFUSED);
  }
}, 60_000);
