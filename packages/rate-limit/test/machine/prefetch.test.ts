import { describe, expect, test } from "vitest";
import { UNSETTLED_PAD_MS } from "../../src/constants.ts";
import { restore } from "../../src/index.ts";
import { checkpoint } from "../../src/machine/checkpoint/checkpoint.ts";
import { issuePrefetched } from "../../src/machine/prefetch.ts";
import { createMachine } from "../virtual.ts";

const BURST = { limit: 20, intervalMs: 10_000 };
const PREFETCH_MS = 1_000;
const REMAINING = { status: 200, limit: 20, remaining: 19 };

function machine(daily = 1_000) {
  return createMachine({
    burst: BURST,
    daily: { limit: daily },
    prefetchMs: PREFETCH_MS,
    unsettledPadMs: UNSETTLED_PAD_MS,
  });
}
const prefetchedOf = (decision: ReturnType<ReturnType<typeof machine>["request"]>) => decision.permits[0]!.prefetched;

describe("prefetched permits", () => {
  test("prefetched permits are issued with a permit for now, from the part beyond half of the limit", () => {
    const m = machine();
    const first = m.request(0, { prefetch: 6 });
    expect(prefetchedOf(first).map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(prefetchedOf(first).map(({ startAtMs }) => startAtMs)).toEqual(Array(6).fill(PREFETCH_MS));
    // The one that is used first may find all seven counted.
    expect(prefetchedOf(first).map(({ expectedUsed }) => expectedUsed)).toEqual(Array(6).fill(7));
    expect(prefetchedOf(m.request(0, { prefetch: 6 }))).toHaveLength(2);
    expect(prefetchedOf(m.request(0, { prefetch: 6 }))).toHaveLength(0);
    expect(m.state.inFlight).toHaveLength(11);
  });

  test("prefetched permits are not issued without a request, or without a time for which they last", () => {
    expect(prefetchedOf(machine().request(0))).toEqual([]);
    expect(prefetchedOf(createMachine({ burst: BURST }).request(0, { prefetch: 6 }))).toEqual([]);
  });

  test.each([
    ["there is external usage", { externalUsage: 1 }],
    ["calls have to be spread", { burst: 19 }],
    ["nothing may start yet", { blockedUntilMs: 1 }],
    ["a restart is being probed", { probe: { permit: 1 } }],
  ])("prefetched permits are not issued while %s", (_, change) => {
    const { state } = machine();
    expect(issuePrefetched(state, 3)[1]).toHaveLength(3);
    expect(issuePrefetched({ ...state, ...change }, 3)[1]).toHaveLength(0);
  });

  test("prefetched permits are not issued to a call that must wait, nor while another one waits", () => {
    const m = machine();
    for (let n = 0; n < 20; n++) m.request(0);
    expect(m.request(0, { prefetch: 6 }).permits).toEqual([]);
    const later = m.feed({ type: "tick" }, BURST.intervalMs + UNSETTLED_PAD_MS);
    expect(later.permits.map(({ prefetched }) => prefetched)).toEqual([[]]);
  });

  test("prefetched permits leave the reserves of the day untouched", () => {
    const m = machine(10);
    expect(prefetchedOf(m.request(0, { prefetch: 20 }))).toHaveLength(7);
    expect(prefetchedOf(m.request(20_000, { prefetch: 20 }))).toHaveLength(0);
  });

  test("prefetched permits take a slot until a call that starts at the last moment can no longer count", () => {
    const m = machine();
    m.request(0, { prefetch: 1 });
    const ends = PREFETCH_MS + BURST.intervalMs + UNSETTLED_PAD_MS;
    expect(m.state.inFlight.map(({ freeAtMs }) => freeAtMs)).toEqual([ends - PREFETCH_MS, ends]);
    expect(m.feed({ type: "tick" }, ends - 1) && m.state.inFlight).toHaveLength(1);
    expect(m.feed({ type: "tick" }, ends) && m.state.inFlight).toHaveLength(0);
  });

  test("prefetched permits count until their last moment in the time after which a refused call comes back", () => {
    const m = createMachine({
      burst: { limit: 4, intervalMs: 10_000 },
      prefetchMs: PREFETCH_MS,
      unsettledPadMs: UNSETTLED_PAD_MS,
    });
    expect(prefetchedOf(m.request(0, { prefetch: 1 }))).toHaveLength(1);
    for (let n = 0; n < 5; n++) m.request(0);
    expect(m.state.waiting.count).toBe(3);
    // The fourth slot is that of the prefetched permit.
    expect(m.request(0, { maxWaitMs: 0 }).refusals[0]?.retryAfterMs).toBe(PREFETCH_MS + 10_000 + UNSETTLED_PAD_MS);
  });

  test("free their slots and the day when they return unused, unless HighLevel has counted since", () => {
    const m = machine();
    m.request(0, { prefetch: 3 });
    m.feed({ type: "return", permit: 4 }, 500);
    expect(m.state.inFlight).toHaveLength(3);
    expect(m.state.daily?.used).toBe(3);
    m.request(600);
    // HighLevel counted the first call and this one, and not the two prefetched permits.
    m.settle(5, 700, { ...REMAINING, dailyLimit: 1_000, dailyRemaining: 998 });
    m.feed({ type: "return", permit: 3 }, 800);
    expect(m.state.inFlight).toHaveLength(3);
    expect(m.state.daily?.used).toBe(2);
  });

  test("prefetched permits may still be used after a restart, which reckons with them", () => {
    const m = machine();
    const { prefetched } = m.request(0, { prefetch: 4 }).permits[0]!;
    expect(prefetched).toHaveLength(4);
    const saved = checkpoint(m.state);
    const next = restore(m.state.config, saved, 100);
    expect(next.lastPermit).toBeGreaterThanOrEqual(5 + (saved.permitsUntilNext ?? 0));
    // The issued permits count, and so do those that may have been issued since and may start for another second.
    expect(next.inFlight).toHaveLength(5 + (saved.permitsUntilNext ?? 0));
    expect(next.inFlight.at(-1)?.freeAtMs).toBe(100 + PREFETCH_MS + UNSETTLED_PAD_MS + BURST.intervalMs);
  });
});
