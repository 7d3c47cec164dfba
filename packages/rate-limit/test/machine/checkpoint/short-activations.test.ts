import { describe, expect, test } from "vitest";
import {
  type CallPermit,
  type Checkpoint,
  checkpoint,
  checkpointDue,
  createSlotLimiter,
  restore,
  type SlotLimiterConfig,
  type SlotLimiterState,
  step,
} from "../../../src/index.ts";
import { CONFIG } from "../../virtual.ts";

const DAY_LIMIT = 200_000;
const config: SlotLimiterConfig = {
  ...CONFIG,
  daily: { limit: DAY_LIMIT },
  unsettledPadMs: 500,
  prefetchMs: 1_000,
  evictedAfterMs: 10_000,
};

/** A host that is evicted after each call, and the rows that it writes. */
function createHost(of: SlotLimiterConfig) {
  let saved: Checkpoint | null = null;
  const host = { rows: 0, reports: 0, state: createSlotLimiter(of, 0) };
  const save = (): void => {
    if (!checkpointDue(host.state, saved)) return;
    saved = checkpoint(host.state);
    host.rows++;
  };
  return Object.assign(host, {
    /** `counted`: calls of the day in HighLevel's answer. `undefined`: its answer has no count. */
    call(nowMs: number, counted?: number): CallPermit | undefined {
      const fresh = saved === null ? createSlotLimiter(of, nowMs) : restore(of, saved, nowMs);
      const request = { type: "request", call: 1, key: "", priority: "bulk", maxWaitMs: 0 } as const;
      const { state, decision } = step(fresh, request, nowMs);
      host.state = state;
      save();
      const [permit] = decision.permits;
      if (!permit?.report) return permit;
      host.reports++;
      const headers = counted === undefined ? {} : { dailyLimit: DAY_LIMIT, dailyRemaining: DAY_LIMIT - counted };
      const feedback = { status: 200, ...headers };
      host.state = step(state, { type: "settle", permit: permit.number, feedback }, nowMs + 100).state;
      save();
      return permit;
    },
  });
}

describe("a day of calls that each find the host evicted", () => {
  const EVERY_MS = 10_100;
  const CALLS = 8_500;

  function day(of: SlotLimiterConfig) {
    const host = createHost(of);
    let mostTooHigh = 0;
    for (let n = 1; n <= CALLS; n++) {
      expect(host.call(n * EVERY_MS, n)).toBeDefined();
      const tooHigh = host.state.daily!.used - n;
      expect(tooHigh).toBeGreaterThanOrEqual(0);
      mostTooHigh = Math.max(mostTooHigh, tooHigh);
    }
    return { rows: host.rows / CALLS, reports: host.reports / CALLS, mostTooHigh };
  }

  test("a day of short activations is counted although they write nothing: the calls of an hour cost a row or two", () => {
    const { rows, reports, mostTooHigh } = day(config);
    expect(rows).toBeLessThan(0.01);
    expect(reports).toBeLessThan(0.02);
    // This is what the activations of an hour may issue, beyond the 1 % from which HighLevel's count is requested.
    expect(mostTooHigh).toBeLessThan(0.02 * DAY_LIMIT);
  });

  test("a day of short activations is served where HighLevel reports no count, without a request for it in every call", () => {
    const host = createHost(config);
    for (let n = 1; n <= CALLS; n++) expect(host.call(n * EVERY_MS)).toBeDefined();
    expect(host.state.daily!.used).toBeGreaterThanOrEqual(CALLS);
    expect(host.reports / CALLS).toBeLessThan(0.02);
    expect(host.rows / CALLS).toBeLessThan(0.01);
  });

  test("the count does not drift upward where each activation writes, because HighLevel's count outlives its activation", () => {
    const { rows, reports, mostTooHigh } = day({ ...config, evictedAfterMs: undefined });
    expect(rows).toBeGreaterThanOrEqual(1);
    expect(reports).toBeLessThan(0.03);
    expect(mostTooHigh).toBeLessThan(0.0105 * DAY_LIMIT);
  });
});

describe("permits that an activation may issue without a checkpoint", () => {
  const first = createSlotLimiter(config, 0);
  const uncheckpointedPermits = (
    state: Partial<SlotLimiterState>,
    of: Partial<SlotLimiterConfig> = {},
  ): number | undefined => checkpoint({ ...first, config: { ...config, ...of }, ...state }).uncheckpointedPermits;

  test("permits without a checkpoint are four at the standard limits", () => {
    expect(uncheckpointedPermits({})).toBe(4);
  });

  test("permits without a checkpoint are none where the time until an eviction is unknown, or shorter than the interval", () => {
    expect(uncheckpointedPermits({}, { evictedAfterMs: undefined })).toBe(0);
    expect(uncheckpointedPermits({}, { evictedAfterMs: 9_999 })).toBe(0);
  });

  test("permits without a checkpoint are none of a small limit, or a small day", () => {
    expect(uncheckpointedPermits({ limit: 24 })).toBe(0);
    expect(uncheckpointedPermits({ limit: 25 })).toBe(1);
    const daily = first.daily!;
    expect(uncheckpointedPermits({ daily: { ...daily, limit: 145_599 } })).toBe(0);
    expect(uncheckpointedPermits({ daily: { ...daily, limit: 145_600 } })).toBe(4);
  });

  test("permits without a checkpoint are none above half of the limit, beside external usage, and after a refusal", () => {
    const [slot] = step(first, { type: "request", call: 1, key: "", priority: "bulk", maxWaitMs: 0 }, 0).state.inFlight;
    expect(uncheckpointedPermits({ inFlight: Array.from({ length: 50 }, () => slot!) })).toBe(4);
    expect(uncheckpointedPermits({ inFlight: Array.from({ length: 51 }, () => slot!) })).toBe(0);
    expect(uncheckpointedPermits({ externalUsage: 1 })).toBe(0);
    expect(uncheckpointedPermits({ burst: 99 })).toBe(0);
    expect(uncheckpointedPermits({ blockedUntilMs: 1 })).toBe(0);
    expect(uncheckpointedPermits({ probe: { permit: 0 } })).toBe(0);
  });

  test("permits without a checkpoint make one due with the fifth, or with the first after an hour", () => {
    const saved = checkpoint({ ...first, lastPermit: 1 });
    const after = (nowMs: number, count: number): boolean => {
      const state = restore(config, saved, nowMs);
      return checkpointDue({ ...state, lastPermit: state.lastPermit + count }, saved);
    };
    expect(after(60_000, 0)).toBe(false);
    expect(after(60_000, 4)).toBe(false);
    expect(after(60_000, 5)).toBe(true);
    expect(after(3_599_999, 1)).toBe(false);
    expect(after(3_600_000, 1)).toBe(true);
  });

  test("a checkpoint leaves room in the next activation for four such activations and the first one", () => {
    const saved = checkpoint({ ...first, lastPermit: 1 });
    const held = (nowMs: number): number => restore(config, saved, nowMs).inFlight.length;
    expect(held(20_000)).toBe(25 + 4 * 4);
    expect(held(611_499)).toBe(25 + 4 * 4);
    expect(held(611_500)).toBe(4 * 4);
    expect(held(3_611_499)).toBe(4 * 4);
    expect(held(3_611_500)).toBe(0);
  });
});

describe("HighLevel's daily count in an answer to a permit of an earlier activation", () => {
  const saved = checkpoint({ ...createSlotLimiter(config, 0), lastPermit: 1 });
  const restored = restore(config, saved, 20_000);
  const learn = (counted: number): SlotLimiterState => {
    const feedback = { status: 200, dailyLimit: DAY_LIMIT, dailyRemaining: DAY_LIMIT - counted };
    return step(restored, { type: "settle", permit: 1, feedback }, 20_000).state;
  };
  /** Permits of the first activation, and of six later ones that end after 10 s or crash. */
  const uncheckpointed = 25 + 4 * (4 + 2);

  test("HighLevel's daily count replaces ours if it is higher, with what may have been issued since", () => {
    expect(learn(5_000).daily?.used).toBe(5_000 + uncheckpointed);
  });

  test("HighLevel's daily count subtracts nothing, because unknown activations may have issued more", () => {
    expect(restored.daily?.used).toBe(uncheckpointed);
    expect(learn(0).daily).toMatchObject({ used: uncheckpointed, uncheckpointed });
  });
});
