import { describe, expect, test } from "vitest";
import { createSingleFlight } from "../../src/domain/single-flight.ts";

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
  test("is done once, and everybody returns after its end", async () => {
    let [runs, done] = [0, 0];
    const { now, sleep } = clock();
    const flight = createSingleFlight({ timeoutMs: 100_000, now, sleep });
    const work = async () => {
      runs++;
      await sleep(500);
      done++;
    };
    const seen = await Promise.all(Array.from({ length: 20 }, () => flight.run(work).then(() => done)));
    expect([runs, new Set(seen), flight.isUnderWay()]).toEqual([1, new Set([1]), false]);
  });

  test("that fails, fails for the one that did it, and may be done again", async () => {
    const { now, sleep } = clock();
    const flight = createSingleFlight({ timeoutMs: 1_000, now, sleep });
    const failing = async () => {
      await sleep(50);
      throw new Error("away");
    };
    const results = await Promise.allSettled([flight.run(failing), flight.run(failing), flight.run(failing)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    let runs = 0;
    await flight.run(async () => void runs++);
    expect(runs).toBe(1);
  });

  test("that never ends holds nobody up for longer than its time, and its late end is not another's", async () => {
    const { now, sleep } = clock();
    const flight = createSingleFlight({ timeoutMs: 1_000, now, sleep });
    let endFirst = (): void => {};
    const first = flight.run(() => new Promise((resolve) => (endFirst = resolve)));
    await flight.run(() => Promise.reject(new Error("not to be run")));
    expect(flight.isUnderWay()).toBe(false);
    let endSecond = (): void => {};
    const second = flight.run(() => new Promise((resolve) => (endSecond = resolve)));
    endFirst();
    await first;
    expect(flight.isUnderWay()).toBe(true);
    endSecond();
    await second;
    expect(flight.isUnderWay()).toBe(false);
  });
});
