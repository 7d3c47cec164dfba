import fc from "fast-check";
import { expect, test } from "vitest";
import { LOST_PERMIT_PAD_MS, step, UNSETTLED_PAD_MS } from "../../src/index.ts";
import { RUNS } from "../runs.ts";
import { type PrefetchPlan, play, type Schedule, schedules } from "./schedules.ts";

const arbitrary = schedules({
  pads: [LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS],
  longestRttMs: 20_000,
  upstreams: ["fixed", "fixed from first", "sliding log", "two-cell", "token bucket"],
  restarts: true,
});

const forAll = (check: (schedule: Schedule) => void): void =>
  fc.assert(fc.property(arbitrary, check), { numRuns: RUNS });

test("every call ends once: with a permit, refused, cancelled or lost in a restart", () => {
  forAll((schedule) => {
    const permits = new Set<number>();
    for (const fate of play(schedule).fates) {
      const ends = [fate.grantedAtMs, fate.refusedAtMs, fate.cancelledAtMs, fate.lostInRestart];
      expect(ends.filter((end) => end !== undefined)).toHaveLength(1);
      expect(fate.permits.length).toBeLessThanOrEqual(1);
      for (const permit of fate.permits) expect(permits.has(permit)).toBe(false);
      for (const permit of fate.permits) permits.add(permit);
    }
  });
});

test("no call starts, or is refused, after its deadline", () => {
  forAll((schedule) => {
    for (const { plan, askedAtMs, startAtMs, refusedAtMs } of play(schedule).fates) {
      if (plan.maxWaitMs === null) continue;
      expect(startAtMs ?? 0).toBeLessThanOrEqual(askedAtMs + plan.maxWaitMs);
      expect(refusedAtMs ?? 0).toBeLessThanOrEqual(askedAtMs + plan.maxWaitMs);
    }
  });
});

test("the state stays within the limit and the queue, and is plain data", () => {
  forAll((schedule) => {
    const { states } = play(schedule);
    const { burst, maxQueue } = schedule.config;
    for (const state of states) {
      expect(state.waiting.count).toBeLessThanOrEqual(Math.max(1, maxQueue));
      expect(state.inFlight.length).toBeLessThanOrEqual(2 * burst.limit + 1);
      expect(state.inFlight.map((slot) => slot.freeAtMs)).toEqual(
        state.inFlight.map((slot) => slot.freeAtMs).sort((a, b) => a - b),
      );
    }
    const last = states.at(-1)!;
    expect(JSON.parse(JSON.stringify(last))).toEqual(last);
  });
});

/** A prefetched permit of a host that stays in memory. */
const answered = ({ at, use }: PrefetchPlan): PrefetchPlan => ({ at, use: use === "lost" ? "return" : use });

test("a refused call gets its permit when it comes back after retryAfterMs and no one else came", () => {
  const quiet = schedules({
    pads: [LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS],
    longestRttMs: UNSETTLED_PAD_MS,
    upstreams: ["sliding log"],
    restarts: false,
  });
  fc.assert(
    fc.property(quiet, fc.nat(), (schedule, pick) => {
      const { fates, decisions, states } = play({
        ...schedule,
        calls: schedule.calls.map((plan) => ({
          ...plan,
          rttMs: plan.rttMs ?? 400,
          cancelAfterMs: null,
          prefetched: plan.prefetched.map(answered),
        })),
      });
      const refusals = decisions.flatMap((decision, index) =>
        decision.refusals.map((refusal) => ({ ...refusal, atMs: states[index]!.nowMs, index })),
      );
      if (refusals.length === 0) return;
      const { call, atMs, retryAfterMs } = refusals[pick % refusals.length]!;
      // Plays once more up to the refusal, without later calls, and with the refused one coming back.
      const before = schedule.calls.slice(0, call + 1).map((plan) => ({
        ...plan,
        rttMs: plan.rttMs ?? 400,
        cancelAfterMs: null,
        prefetched: plan.prefetched.map(answered),
      }));
      if (fates.some((fate, other) => other > call && fate.askedAtMs <= atMs)) return;
      const gapMs = Math.max(0, atMs + retryAfterMs - fates[call]!.askedAtMs);
      const second = play({ ...schedule, calls: [...before, { ...before[0]!, gapMs, maxWaitMs: 0, key: "later" }] });
      expect(second.fates.at(-1)!.permits).toHaveLength(1);
    }),
    { numRuns: RUNS },
  );
});

test("one event at one time has one outcome, and leaves its arguments as they were", () => {
  forAll((schedule) => {
    const { states } = play(schedule);
    const state = states[Math.floor(states.length / 2)]!;
    const copy = structuredClone(state);
    const event = { type: "request", call: 999, key: "k", priority: "bulk", maxWaitMs: 50 } as const;
    const first = step(state, event, state.nowMs + 5);
    expect(state).toEqual(copy);
    expect(step(copy, event, state.nowMs + 5)).toEqual(first);
  });
});
