import { expect, test } from "vitest";
import { type BacklogSample, grownShards, stepGrowth } from "../../../src/domain/delivery/shard-growth.ts";

/** Takes a sample every five seconds and returns the times at which the endpoint grows. */
function growthTimes(seconds: number, lagMs: (second: number) => number, shards: (second: number) => number = () => 1) {
  let since: BacklogSample | undefined;
  const times: number[] = [];
  for (let second = 0; second <= seconds; second += 5) {
    const step = stepGrowth(since, { atMs: second * 1000, shards: shards(second), lagMs: lagMs(second) });
    since = step.since;
    if (step.grows) times.push(second);
  }
  return times;
}

test("an endpoint whose lag grows for a minute gets more shards, and more again when that does not help", () => {
  expect(growthTimes(135, (second) => 10_000 + second * 500)).toEqual([60, 120]);
});

test.each<[string, (second: number) => number]>([
  ["is short", () => 9_999],
  ["is constant", () => 600_000],
  ["shrinks", (second) => 600_000 - second * 1_000],
  ["ends within a minute", (second) => (second % 50 === 0 ? 0 : 20_000 + second * 100)],
])("an endpoint does not get more shards while its lag %s", (_what, lagMs) => {
  expect(growthTimes(300, lagMs)).toEqual([]);
});

test("the lag has to grow for another minute after the number of shards has changed", () => {
  const shards = (second: number) => (second < 50 ? 1 : 2);
  expect(growthTimes(115, (second) => 10_000 + second * 500, shards)).toEqual([110]);
});

test("the number of shards doubles, up to sixteen or the app's limit", () => {
  expect([1, 2, 8, 9, 16].map((shards) => grownShards(shards, 16))).toEqual([2, 4, 16, 16, undefined]);
  expect([1, 2, 3, 4].map((shards) => grownShards(shards, 3))).toEqual([2, 3, undefined, undefined]);
  expect(grownShards(1, 1)).toBeUndefined();
});
