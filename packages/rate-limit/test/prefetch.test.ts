import { describe, expect, test } from "vitest";
import { UNSETTLED_PAD_MS } from "../src/constants.ts";
import { restore } from "../src/index.ts";
import { checkpoint } from "../src/machine/checkpoint.ts";
import { giveSpare } from "../src/machine/prefetch.ts";
import { createMachine } from "./virtual.ts";

const BURST = { limit: 20, intervalMs: 10_000 };
const SPARE_MS = 1_000;
const REMAINING = { status: 200, limit: 20, remaining: 19 };

function machine(daily = 1_000) {
  return createMachine({ burst: BURST, daily: { limit: daily }, spareMs: SPARE_MS, unsettledPadMs: UNSETTLED_PAD_MS });
}
const spareOf = (decision: ReturnType<ReturnType<typeof machine>["request"]>) => decision.grants[0]!.spare;

describe("permits for calls that may follow", () => {
  test("are given with a permit for now, of what is beyond half of the limit", () => {
    const m = machine();
    const first = m.request(0, { spare: 6 });
    expect(spareOf(first).map(({ permit }) => permit)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(spareOf(first).map(({ startAtMs }) => startAtMs)).toEqual(Array(6).fill(SPARE_MS));
    // whichever is used first may find all seven counted
    expect(spareOf(first).map(({ expectedUsed }) => expectedUsed)).toEqual(Array(6).fill(7));
    expect(spareOf(m.request(0, { spare: 6 }))).toHaveLength(2);
    expect(spareOf(m.request(0, { spare: 6 }))).toHaveLength(0);
    expect(m.state.holds).toHaveLength(11);
  });

  test("are not given where nobody asks, or to a host that names no time", () => {
    expect(spareOf(machine().request(0))).toEqual([]);
    expect(spareOf(createMachine({ burst: BURST }).request(0, { spare: 6 }))).toEqual([]);
  });

  test.each([
    ["others are on the limit", { foreign: 1 }],
    ["calls have to be spread", { burst: 19 }],
    ["nothing may start yet", { blockedUntilMs: 1 }],
    ["a restart is being probed", { probe: { permit: 1 } }],
  ])("are not given while %s", (_, change) => {
    const { state } = machine();
    expect(giveSpare(state, 3)[1]).toHaveLength(3);
    expect(giveSpare({ ...state, ...change }, 3)[1]).toHaveLength(0);
  });

  test("are not given to a call that has to wait, nor while another one does", () => {
    const m = machine();
    for (let n = 0; n < 20; n++) m.request(0);
    expect(m.request(0, { spare: 6 }).grants).toEqual([]);
    const later = m.feed({ type: "tick" }, BURST.intervalMs + UNSETTLED_PAD_MS);
    expect(later.grants.map(({ spare }) => spare)).toEqual([[]]);
  });

  test("leave alone what the least urgent class leaves of a day", () => {
    const m = machine(10);
    expect(spareOf(m.request(0, { spare: 20 }))).toHaveLength(7);
    expect(spareOf(m.request(20_000, { spare: 20 }))).toHaveLength(0);
  });

  test("hold a slot until one that starts at the last moment can no longer count", () => {
    const m = machine();
    m.request(0, { spare: 1 });
    const ends = SPARE_MS + BURST.intervalMs + UNSETTLED_PAD_MS;
    expect(m.state.holds.map(({ freeAtMs }) => freeAtMs)).toEqual([ends - SPARE_MS, ends]);
    expect(m.feed({ type: "tick" }, ends - 1) && m.state.holds).toHaveLength(1);
    expect(m.feed({ type: "tick" }, ends) && m.state.holds).toHaveLength(0);
  });

  test("are waited for until the last moment by whoever is refused", () => {
    const m = createMachine({
      burst: { limit: 4, intervalMs: 10_000 },
      spareMs: SPARE_MS,
      unsettledPadMs: UNSETTLED_PAD_MS,
    });
    expect(spareOf(m.request(0, { spare: 1 }))).toHaveLength(1);
    for (let n = 0; n < 5; n++) m.request(0);
    expect(m.state.waiting.count).toBe(3);
    // the fourth slot is that of the spare permit
    expect(m.request(0, { maxWaitMs: 0 }).refusals[0]?.retryAfterMs).toBe(SPARE_MS + 10_000 + UNSETTLED_PAD_MS);
  });

  test("go back to slots and day when they were not used, unless HighLevel has counted since", () => {
    const m = machine();
    m.request(0, { spare: 3 });
    m.feed({ type: "unused", permit: 4 }, 500);
    expect(m.state.holds).toHaveLength(3);
    expect(m.state.daily?.used).toBe(3);
    m.request(600);
    // the first call and this one: the two spare permits are not in it
    m.settle(5, 700, { ...REMAINING, dailyLimit: 1_000, dailyRemaining: 998 });
    m.feed({ type: "unused", permit: 3 }, 800);
    expect(m.state.holds).toHaveLength(3);
    expect(m.state.daily?.used).toBe(2);
  });

  test("may still be used after a restart, which counts them as far as it must", () => {
    const m = machine();
    const { spare } = m.request(0, { spare: 4 }).grants[0]!;
    expect(spare).toHaveLength(4);
    const saved = checkpoint(m.state);
    const next = restore(m.state.config, saved, 100);
    expect(next.lastPermit).toBeGreaterThanOrEqual(5 + (saved.ahead ?? 0));
    // what was given, and what may have been given since: it may start for another second
    expect(next.holds).toHaveLength(5 + (saved.ahead ?? 0));
    expect(next.holds.at(-1)?.freeAtMs).toBe(100 + SPARE_MS + UNSETTLED_PAD_MS + BURST.intervalMs);
  });
});
