import { World } from "../sim/world.ts";
import { DEFAULT_RESERVES, LOST_PERMIT_PAD_MS } from "../src/constants.ts";
import {
  createSlotLimiter,
  type Decision,
  type Feedback,
  type SlotLimiterConfig,
  type SlotLimiterEvent,
  type SlotLimiterState,
  step,
} from "../src/index.ts";

/** 100 per 10 s without daily limit, every answer reported. */
export const CONFIG: SlotLimiterConfig = {
  burst: { limit: 100, intervalMs: 10_000 },
  reserves: DEFAULT_RESERVES,
  unsettledPadMs: LOST_PERMIT_PAD_MS,
  maxQueue: 10_000,
};

/** Lets promises go on as far as they can without the clock. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A virtual clock in the form of the limiter's options. */
export function virtualClock(): {
  world: World;
  now: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
} {
  const world = new World();
  return { world, now: () => world.nowMs, setTimer: (run, delayMs) => world.at(world.nowMs + delayMs, run) };
}

/** A machine driven by hand. */
export function createMachine(config: Partial<SlotLimiterConfig> = {}) {
  let state: SlotLimiterState = createSlotLimiter({ ...CONFIG, ...config }, 0);
  let calls = 0;
  const feed = (event: SlotLimiterEvent, nowMs: number): Decision => {
    const next = step(state, event, nowMs);
    state = next.state;
    return next.decision;
  };
  return {
    get state() {
      return state;
    },
    feed,
    request: (nowMs: number, more: Partial<Extract<SlotLimiterEvent, { type: "request" }>> = {}): Decision =>
      feed({ type: "request", call: ++calls, key: "", priority: "normal", maxWaitMs: null, ...more }, nowMs),
    settle: (permit: number, nowMs: number, feedback?: Feedback): Decision =>
      feed({ type: "settle", permit, feedback }, nowMs),
  };
}
