import fc from "fast-check";
import { expect, test } from "vitest";
import { LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS } from "../../src/index.ts";
import { RUNS } from "../runs.ts";
import { play, schedules } from "./schedules.ts";

/** Most calls counted in any interval that is closed at its start and open at its end. */
function mostInAnyInterval(timesMs: readonly number[], intervalMs: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < timesMs.length; last++) {
    while (timesMs[first]! <= timesMs[last]! - intervalMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test("no interval sees more calls than the limit, and no window that counts right refuses one", () => {
  const arbitrary = schedules({
    pads: [LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS],
    longestRttMs: UNSETTLED_PAD_MS,
    upstreams: ["fixed", "fixed from first", "sliding log", "token bucket"],
    restarts: false,
  });
  fc.assert(
    fc.property(arbitrary, (schedule) => {
      const { countedAtMs, refusedUpstream } = play(schedule);
      const { limit, intervalMs } = schedule.config.burst;
      expect(mostInAnyInterval(countedAtMs, intervalMs)).toBeLessThanOrEqual(limit);
      expect(refusedUpstream).toBe(0);
    }),
    { numRuns: RUNS },
  );
});

test("an answer may take any time in a host that reports every one", () => {
  const arbitrary = schedules({
    pads: [LOST_PERMIT_PAD_MS],
    longestRttMs: 45_000,
    upstreams: ["sliding log"],
    restarts: false,
  });
  fc.assert(
    fc.property(arbitrary, (schedule) => {
      expect(play(schedule).refusedUpstream).toBe(0);
    }),
    { numRuns: RUNS },
  );
});

test("a right window refuses at most the probe of each restart, in any order of restarts", () => {
  const arbitrary = schedules({
    pads: [LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS],
    longestRttMs: UNSETTLED_PAD_MS,
    upstreams: ["sliding log", "fixed from first", "token bucket"],
    restarts: true,
  });
  fc.assert(
    fc.property(arbitrary, (schedule) => {
      expect(play(schedule).refusedUpstream).toBeLessThanOrEqual(schedule.restartsAtMs.length);
    }),
    { numRuns: RUNS },
  );
});

test("no restart makes the day's count too small, and each makes it too large by less than half the limit", () => {
  const arbitrary = schedules({
    pads: [LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS],
    longestRttMs: UNSETTLED_PAD_MS,
    upstreams: ["sliding log"],
    restarts: true,
  });
  fc.assert(
    fc.property(arbitrary, (schedule) => {
      const { fates, states, prefetched, prefetchedCalls, prefetchedReturns } = play(schedule);
      const granted = fates.filter(({ permits }) => permits.length > 0).length + prefetchedCalls;
      // what was given back after the last checkpoint is not known to a restart
      const lost = prefetched - prefetchedCalls - (schedule.restartsAtMs.length > 0 ? 0 : prefetchedReturns);
      const { burst } = schedule.config;
      const uncheckpointed = (states.at(-1)?.daily?.used ?? 0) - granted;
      expect(uncheckpointed).toBeGreaterThanOrEqual(0);
      expect(uncheckpointed).toBeLessThanOrEqual(lost + schedule.restartsAtMs.length * Math.max(1, burst.limit / 2));
    }),
    { numRuns: RUNS },
  );
});
