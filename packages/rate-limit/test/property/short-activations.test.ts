import fc from "fast-check";
import { expect, test } from "vitest";
import { type Priority, type SlotLimiterConfig, UNSETTLED_PAD_MS } from "../../src/index.ts";
import { RUNS } from "../runs.ts";
import { type Planned, play, type Schedule } from "./schedules.ts";

const EVICTED_AFTER_MS = 10_000;
const LIMIT = 100;
const config: SlotLimiterConfig = {
  burst: { limit: LIMIT, intervalMs: 10_000 },
  daily: { limit: 200_000 },
  reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
  unsettledPadMs: UNSETTLED_PAD_MS,
  prefetchMs: 1_000,
  evictedAfterMs: EVICTED_AFTER_MS,
  maxQueue: 1_000,
};
/** An activation writes a checkpoint with its fifth permit, at the limits of `config`. */
const UNCHECKPOINTED = 4;
/** It writes the next one after this many more. */
const AHEAD = 25;
/** Number of crashes in an interval, besides the eviction, that a restart expects. */
const MAX_CRASHES = 3;

const prefetched = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    use: fc.constantFrom("call" as const, "return" as const, "lost" as const),
  }),
  { maxLength: 2 },
);
const quiet = fc.record({
  calls: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 }) },
    { weight: 1, arbitrary: fc.constant(UNCHECKPOINTED) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  ),
  prefetched,
  /** Rest in ms beyond the time until the host is evicted. */
  restMs: fc.integer({ min: 0, max: 2_000 }),
});
const crashing = fc.record({
  // The constants are what a later activation issues before its first checkpoint, and the first one before its second.
  calls: fc.oneof(fc.constant(UNCHECKPOINTED), fc.constant(AHEAD), fc.integer({ min: 0, max: 30 })),
  prefetched: fc.oneof(fc.constant([]), prefetched),
});

/** Activations that end because nobody calls, then some that crash one after the other, then calls for the whole limit at once. */
const activations = fc.record({
  // The very first activation assumes no earlier permits, so it has the least room for a mistake.
  quiet: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(quiet, { maxLength: 40, size: "max" }) },
  ),
  crashing: fc.array(crashing, { maxLength: MAX_CRASHES, size: "max" }),
  storm: fc.constantFrom(0, 2 * LIMIT),
  rttMs: fc.integer({ min: 1, max: UNSETTLED_PAD_MS }),
  countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
});

const GAP_MS = 20;
/** Rest after which the host is evicted: it includes the last answer. */
const REST_MS = EVICTED_AFTER_MS + UNSETTLED_PAD_MS;

function scheduleOf(of: typeof activations extends fc.Arbitrary<infer T> ? T : never): Schedule {
  const calls: Planned[] = [];
  const restartsAtMs: number[] = [];
  let timeMs = 0;
  const call = (gapMs: number, prefetched: Planned["prefetched"]): void => {
    const { rttMs, countedAt } = of;
    const priority: Priority = "interactive";
    calls.push({
      gapMs,
      key: "",
      priority,
      maxWaitMs: null,
      retry: false,
      rttMs,
      countedAt,
      cancelAfterMs: null,
      prefetched,
    });
    timeMs += gapMs;
  };
  for (const { calls: count, prefetched, restMs } of of.quiet)
    for (let n = 0; n < count; n++) call(n === 0 ? REST_MS + restMs : GAP_MS, prefetched);
  for (const [index, { calls: count, prefetched }] of of.crashing.entries()) {
    const restMs = index === 0 ? REST_MS : GAP_MS;
    for (let n = 0; n < count; n++) call(n === 0 ? restMs : GAP_MS, prefetched);
    restartsAtMs.push(timeMs + GAP_MS / 2);
  }
  for (let n = 0; n < of.storm; n++) call(n === 0 ? GAP_MS : 0, []);
  return { config, upstream: "sliding log", isFarAway: true, phaseMs: 0, calls, restartsAtMs };
}

const check = (property: (schedule: Schedule) => void): void =>
  fc.assert(
    fc.property(activations, (of) => property(scheduleOf(of))),
    { numRuns: RUNS },
  );

test("after short activations and crashes, a storm of calls is not refused, whatever each activation issued without a checkpoint", () => {
  check((schedule) => {
    expect(play(schedule).refusedUpstream).toBe(0);
  });
});

test("no number is used twice, however many activations start from the same checkpoint", () => {
  check((schedule) => {
    const { permits } = play(schedule);
    expect(new Set(permits).size).toBe(permits.length);
  });
});

test("no activation makes the daily count too small", () => {
  check((schedule) => {
    const { fates, states, prefetchedCalls } = play(schedule);
    const granted = fates.filter(({ permits }) => permits.length > 0).length + prefetchedCalls;
    expect((states.at(-1)?.daily?.used ?? 0) - granted).toBeGreaterThanOrEqual(0);
  });
});

test("most activations are short, and write no checkpoint", () => {
  const played = fc.sample(activations, { numRuns: 100, seed: 1 }).map((of) => play(scheduleOf({ ...of, storm: 0 })));
  const sum = (of: "activations" | "checkpoints"): number =>
    played.reduce((total, { [of]: count }) => total + count, 0);
  expect(sum("activations")).toBeGreaterThan(1_000);
  expect(sum("checkpoints")).toBeLessThan(sum("activations") / 2);
});
