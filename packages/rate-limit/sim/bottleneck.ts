/**
 * Bottleneck (npm) on the virtual clock. It reads `Date.now` and sets global timers; both are replaced by the world's while a
 * simulation runs, and its promises go on after each event.
 */
import Bottleneck from "bottleneck";
import type { CreateContender } from "./contender.ts";
import { type Outcome, prepare, type Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** The setup that its README gives for a limit of `n` per interval: a reservoir that is refilled. */
const bottleneck: CreateContender = ({ limit, intervalMs, send }) => {
  const limiter = new Bottleneck({
    reservoir: limit,
    reservoirRefreshAmount: limit,
    reservoirRefreshInterval: intervalMs,
  });
  return {
    request: (call) => void limiter.schedule(async () => send(call)),
    answered() {},
  };
};

function replaceTimers(world: World): () => void {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const now = Date.now;
  interface Timer {
    cancel: () => void;
    unref: () => Timer;
  }
  const timer = (): Timer => {
    const made: Timer = { cancel: () => {}, unref: () => made };
    return made;
  };
  const fakes = {
    setTimeout(run: () => void, delayMs = 0): Timer {
      const made = timer();
      made.cancel = world.at(world.nowMs + Math.max(1, delayMs), run);
      return made;
    },
    setInterval(run: () => void, delayMs: number): Timer {
      const made = timer();
      const retry = (): void => {
        made.cancel = world.at(world.nowMs + delayMs, () => {
          retry();
          run();
        });
      };
      retry();
      return made;
    },
    clearTimeout: (made?: Timer) => made?.cancel(),
    clearInterval: (made?: Timer) => made?.cancel(),
  };
  Object.assign(globalThis, fakes);
  Date.now = () => Math.floor(world.nowMs);
  return () => {
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
    Date.now = now;
  };
}

export async function simulateBottleneck(scenario: Scenario): Promise<Outcome> {
  let run: ReturnType<typeof prepare> | undefined;
  let restore = (): void => {};
  try {
    run = prepare(scenario, (host) => {
      restore = replaceTimers(host.world);
      return bottleneck(host);
    });
    await run.world.runAsync(scenario.durationMs, () => new Promise((resolve) => setImmediate(resolve)));
    return run.outcome();
  } finally {
    restore();
  }
}
