import { World } from "../sim/world.ts";
import { DEFAULT_RESERVES, LOST_PERMIT_PAD_MS } from "../src/constants.ts";
import type { SlotLimiterConfig } from "../src/index.ts";

/** 100 per 10 s without daily limit, every answer reported. */
export const CONFIG: SlotLimiterConfig = {
  burst: { limit: 100, intervalMs: 10_000 },
  reserves: DEFAULT_RESERVES,
  unsettledPadMs: LOST_PERMIT_PAD_MS,
  lookaheadMs: 0,
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
