import { createPermitHost } from "@ghl-edge/rate-limit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { partOf } from "../../../src/domain/hash.ts";
import { limiterConfig } from "../../../src/domain/limits/budget.ts";
import { createMintTurns, OBJECTS_OF_MINT_TURNS } from "../../../src/domain/limits/mint-turns.ts";
import { createTurnBatches } from "../../../src/objects/resource-coordinator/turn-batches.ts";

const T0 = 1_800_000_000_000;
const LOCATIONS = 20_000;
const BURST = { limit: 100, intervalMs: 10_000 };
const MINT_MS = 200;

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

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts requests to each object in each second. */
function createLoad() {
  const counts = new Map<string, number>();
  return {
    count(object: string): void {
      const second = `${object} ${Math.floor((Date.now() - T0) / 1_000)}`;
      counts.set(second, (counts.get(second) ?? 0) + 1);
    },
    busiest: () => Math.max(...counts.values()),
  };
}

/** Wakes all locations of a company within a time, and plays on until each caller is served. */
async function wake(withinMs: number) {
  const random = seeded(1);
  const load = createLoad();
  const turns = createMintTurns(BURST);
  const host = createPermitHost({ config: limiterConfig(undefined), now: () => Date.now() });
  const batches = Array.from({ length: OBJECTS_OF_MINT_TURNS }, () =>
    createTurnBatches(async (count) => {
      load.count("coordinator");
      await sleep(10);
      const nowMs = Date.now();
      return Array.from({ length: count }, () => turns.take(nowMs) - nowMs);
    }, sleep),
  );
  const visits: number[] = [];
  const mintsAtMs: number[] = [];
  let retries = 0;

  const locate = async (index: number): Promise<void> => {
    await sleep(random() * withinMs);
    const part = partOf(`location${index}`, OBJECTS_OF_MINT_TURNS);
    load.count(`turns ${part}`);
    const delayMs = await batches[part]!.take();
    /** Reads what the location's object answers now. Undefined: it has the token. Else the caller comes back after this time. */
    let retryAfterMs: number | undefined = delayMs > 0 ? delayMs + 1_000 + random() * 1_000 : 0;
    let waiting: Promise<void> | undefined;
    const mint = async (): Promise<void> => {
      load.count("grant");
      load.count("coordinator");
      const permit = await host.request({ key: "mint", priority: "normal", maxWaitMs: 10_000 });
      waiting = undefined;
      if ("reason" in permit) {
        retries++;
        const againMs = permit.retryAfterMs + random() * 1_000;
        retryAfterMs = againMs + 1_000;
        void sleep(againMs).then(attempt);
        return;
      }
      mintsAtMs.push(Date.now());
      await sleep(MINT_MS);
      retryAfterMs = undefined;
    };
    const attempt = (): Promise<void> => {
      waiting ??= mint();
      return waiting;
    };
    // The alarm of the location's object may ring late.
    if (delayMs > 0) void sleep(delayMs + random() * 300).then(attempt);
    let visit = 1;
    if (delayMs === 0) await attempt();
    while (retryAfterMs !== undefined) {
      await sleep(retryAfterMs);
      visit++;
      if (waiting !== undefined) await waiting;
    }
    visits.push(visit);
  };
  const all = Promise.all(Array.from({ length: LOCATIONS }, (_, index) => locate(index)));
  await vi.advanceTimersByTimeAsync(45 * 60_000);
  await all;
  return { busiest: load.busiest(), visits, mintsAtMs, retries };
}

beforeEach(() => void vi.useFakeTimers({ now: T0 }));
afterEach(() => void vi.useRealTimers());

it.each([
  ["a minute", 60_000],
  ["a second", 1_000],
])(
  "20,000 locations of one company that wake within %s come twice, and no object gets more than 500 requests a second",
  async (_, withinMs) => {
    const { busiest, visits, mintsAtMs, retries } = await wake(withinMs);
    expect(visits).toHaveLength(LOCATIONS);
    expect(visits.filter((count) => count > 2)).toEqual([]);
    expect(retries).toBe(0);
    expect(busiest).toBeLessThanOrEqual(500);
    const perSecond = LOCATIONS / ((mintsAtMs.at(-1)! - T0) / 1_000);
    expect(perSecond).toBeGreaterThan(9.3);
  },
  120_000,
);
