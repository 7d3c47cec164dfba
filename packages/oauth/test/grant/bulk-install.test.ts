import fc from "fast-check";
import { expect, test } from "vitest";
import { type GrantEvent, type GrantState, newGrant, nextWakeMs, stepGrant } from "../../src/index.ts";

const T0 = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const LIFETIME_MS = 86_400_000;

const token = (obtainedAtMs: number) => ({
  tokenId: `r${obtainedAtMs}`,
  obtainedAtMs,
  expiresAtMs: obtainedAtMs + LIFETIME_MS,
});
const exchanged = (obtainedAtMs: number, random: number): GrantEvent => ({
  type: "exchanged",
  installedAtMs: obtainedAtMs,
  token: token(obtainedAtMs),
  random,
});

/** Renews the token at the time that the state names, and returns that time. */
function renew(state: GrantState, random: number): { readonly state: GrantState; readonly atMs: number } {
  const atMs = nextWakeMs(state)!;
  const sent = stepGrant(state, { type: "tick" }, atMs);
  const { tokenId, attempt } = sent.effects.find((effect) => effect.type === "send")!;
  const answered = {
    type: "answered",
    tokenId,
    attempt,
    outcome: { kind: "token", token: token(atMs) },
    random,
  } as const;
  return { state: stepGrant(sent.state, answered, atMs).state, atMs };
}

/** A repeatable sequence of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const received = (random: number): GrantEvent => ({
  type: "answered",
  tokenId: "derived",
  attempt: 1,
  outcome: { kind: "token", token: token(T0) },
  random,
});

test.each<{ which: string; tokenAt: (random: number) => GrantState }>([
  {
    which: "token of an installation",
    tokenAt: (random) => stepGrant(newGrant("refreshable"), exchanged(T0, random), T0).state,
  },
  {
    which: "derived token",
    tokenAt: (random) =>
      stepGrant(stepGrant(newGrant("derived"), { type: "tick" }, T0).state, received(random), T0).state,
  },
])("the first $which needs nothing until 30 to 80 % of its lifetime are over", ({ tokenAt }) => {
  for (const random of [0, 0.5, 0.999]) {
    const state = tokenAt(random);
    const aheadMs = state.current!.refreshAheadAtMs - T0;
    expect(aheadMs / LIFETIME_MS).toBeCloseTo(0.3 + 0.5 * random, 6);
    expect(nextWakeMs(state)).toBe(T0 + aheadMs);
    expect(stepGrant(state, { type: "tick" }, T0 + aheadMs - 1).state).toBe(state);
    expect(stepGrant(state, { type: "tick" }, T0 + aheadMs).effects).toContainEqual(
      expect.objectContaining({ type: "send" }),
    );
  }
});

test("the first renewal comes after 30 to 80 % of the lifetime, and each later one after 70 to 80 %", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(random, fc.array(random, { minLength: 1, maxLength: 5 }), (first, later) => {
      let { state } = stepGrant(newGrant("refreshable"), exchanged(T0, first), T0);
      let fromMs = T0;
      for (const [index, next] of later.entries()) {
        const renewed = renew(state, next);
        const share = (renewed.atMs - fromMs) / LIFETIME_MS;
        expect(share).toBeGreaterThanOrEqual((index === 0 ? 0.3 : 0.7) - 1e-6);
        expect(share).toBeLessThanOrEqual(0.8 + 1e-6);
        ({ state } = renewed);
        fromMs = renewed.atMs;
      }
    }),
  );
});

/** Highest number of renewals per second on each day, in minutes, when `installs` grants are made within one minute. */
function peaksPerSecond(installs: number, days: number): readonly number[] {
  const random = seeded(1);
  const minutes = Array.from({ length: days }, () => new Map<number, number>());
  for (let install = 0; install < installs; install++) {
    const atMs = T0 + Math.floor((install / installs) * MINUTE_MS);
    let { state } = stepGrant(newGrant("refreshable"), exchanged(atMs, random()), atMs);
    for (const [day, counts] of minutes.entries()) {
      const minute = Math.floor((nextWakeMs(state)! - T0) / MINUTE_MS);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
      if (day + 1 < days) ({ state } = renew(state, random()));
    }
  }
  return minutes.map((counts) => Math.max(...counts.values()) / 60);
}

test("100,000 installs within a minute are renewed by at most 3.5 a second", () => {
  // Between 70 and 80 % of the lifetime it was 12.4 a second in the busiest minute.
  const [peak] = peaksPerSecond(100_000, 1);
  expect(peak).toBeGreaterThan(2.3);
  expect(peak).toBeLessThanOrEqual(3.5);
});

test("renewals after a bulk install stay spread on later days", () => {
  // A tenth of the installs: the average is 0.23 a second on the first day, and less on each later one.
  for (const peak of peaksPerSecond(10_000, 3)) expect(peak).toBeLessThanOrEqual(0.5);
});
