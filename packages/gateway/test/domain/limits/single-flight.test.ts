import { describe, expect, test } from "vitest";
import { createSingleFlight } from "../../../src/domain/limits/single-flight.ts";

/** A clock that moves when somebody sleeps, and lets others run meanwhile. */
function clock() {
  let nowMs = 1_000;
  return {
    now: () => nowMs,
    sleep: async (ms: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      nowMs += ms;
    },
  };
}

describe("work that one request does for all", () => {
  test("work that one request does for all is done once, and every caller returns after its end", async () => {
    let [runs, done] = [0, 0];
    const { now, sleep } = clock();
    const singleFlight = createSingleFlight({ timeoutMs: 100_000, now, sleep });
    const work = async () => {
      runs++;
      await sleep(500);
      done++;
    };
    const seen = await Promise.all(Array.from({ length: 20 }, () => singleFlight.run(work).then(() => done)));
    expect([runs, new Set(seen), singleFlight.isUnderWay()]).toEqual([1, new Set([1]), false]);
  });

  test("work that fails for the request that did it may be done again", async () => {
    const { now, sleep } = clock();
    const singleFlight = createSingleFlight({ timeoutMs: 1_000, now, sleep });
    const failing = async () => {
      await sleep(50);
      throw new Error("away");
    };
    const results = await Promise.allSettled([
      singleFlight.run(failing),
      singleFlight.run(failing),
      singleFlight.run(failing),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    let runs = 0;
    await singleFlight.run(async () => void runs++);
    expect(runs).toBe(1);
  });

  test("work that never ends delays nobody longer than its time limit, and its late end belongs to nobody else", async () => {
    const { now, sleep } = clock();
    const singleFlight = createSingleFlight({ timeoutMs: 1_000, now, sleep });
    let endFirst = (): void => {};
    const first = singleFlight.run(() => new Promise((resolve) => (endFirst = resolve)));
    await singleFlight.run(() => Promise.reject(new Error("not to be run")));
    expect(singleFlight.isUnderWay()).toBe(false);
    let endSecond = (): void => {};
    const second = singleFlight.run(() => new Promise((resolve) => (endSecond = resolve)));
    endFirst();
    await first;
    expect(singleFlight.isUnderWay()).toBe(true);
    endSecond();
    await second;
    expect(singleFlight.isUnderWay()).toBe(false);
  });
});
