/** Measures the cost of one call: a request and a report, on a full limiter with other calls waiting. */

import { DEFAULT_RESERVES, LOST_PERMIT_PAD_MS } from "../src/constants.ts";
import { createSlotLimiter, type SlotLimiterState, step } from "../src/index.ts";

const CALLS = 50_000;

/** Microseconds per call (two or three steps). */
export function costPerCallUs(waiting: number): number {
  let state: SlotLimiterState = createSlotLimiter(
    {
      burst: { limit: 100, intervalMs: 10_000 },
      daily: { limit: 1_000_000 },
      reserves: DEFAULT_RESERVES,
      unsettledPadMs: LOST_PERMIT_PAD_MS,
      maxQueue: 10_000,
    },
    0,
  );
  let call = 0;
  const request = (nowMs: number): number[] => {
    const event = { type: "request", call: ++call, key: `${call % 10}`, priority: "normal", maxWaitMs: null } as const;
    const next = step(state, event, nowMs);
    state = next.state;
    return next.decision.permits.map(({ number }) => number);
  };
  const open = Array.from({ length: 100 + waiting }, () => request(0)).flat();
  const startMs = performance.now();
  for (let n = 0; n < CALLS; n++) {
    const nowMs = n * 101;
    const settled = step(state, { type: "settle", permit: open.shift()!, feedback: { status: 200 } }, nowMs);
    state = settled.state;
    open.push(...settled.decision.permits.map(({ number }) => number), ...request(nowMs));
    // When every call in flight is settled, only time brings the next permit.
    if (open.length === 0) {
      const ticked = step(state, { type: "tick" }, nowMs + 10_000);
      state = ticked.state;
      open.push(...ticked.decision.permits.map(({ number }) => number));
      if (open.length === 0) throw new Error("nothing was granted");
    }
  }
  return ((performance.now() - startMs) * 1_000) / CALLS;
}
