import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Endpoints } from "../../../src/directory/tables/endpoints.ts";
import { CLOSED } from "../../../src/domain/delivery/breaker.ts";
import type { Endpoint } from "../../../src/domain/delivery/endpoint.ts";
import { ShardGrowth } from "../../../src/objects/endpoint-dispatcher/shard-growth.ts";

const ADDRESS = { app: "main", endpointId: "ep_1", shard: 0 };
const START_MS = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A dispatcher whose lag grows by `growth` of the time that passes. */
function growing({ maxShards = 16, growth = 0.5, failures = 0, isAway = false } = {}) {
  const raised: unknown[] = [];
  let nextDueReads = 0;
  let endpoint = { ordered: false, shards: 1 } as Endpoint;
  const raiseShards: Endpoints["raiseShards"] = async (_id, shards) => {
    if (isAway) throw new Error("away");
    raised.push([shards.from, shards.to]);
    endpoint = { ...endpoint, shards: shards.to };
    return true;
  };
  const watch = new ShardGrowth({
    nextDueAtMs() {
      nextDueReads++;
      return Date.now() - 20_000 - (Date.now() - START_MS) * growth;
    },
    breaker: () => ({ ...CLOSED, failures }),
    maxShards: () => maxShards,
    directory: () => ({ endpoints: { raiseShards } as Endpoints }),
    onChanged: () => {},
  });
  const run = async (seconds: number, settings: Partial<Endpoint> = {}) => {
    for (let second = 0; second < seconds; second++) {
      watch.check(ADDRESS, { ...endpoint, ...settings });
      await vi.advanceTimersByTimeAsync(1_000);
    }
  };
  return { raised, run, reads: () => nextDueReads };
}

it("a dispatcher whose backlog grows doubles the shards of its endpoint, about once a minute", async () => {
  const { raised, run, reads } = growing();
  await run(300);
  expect(raised).toEqual([
    [1, 2],
    [2, 4],
    [4, 8],
    [8, 16],
  ]);
  expect(reads()).toBeLessThanOrEqual(61);
});

it.each([
  ["whose app allows no more", { maxShards: 1 }, {}],
  ["that is ordered", {}, { ordered: true }],
  ["that fails", { failures: 1 }, {}],
  ["whose backlog does not grow", { growth: 0 }, {}],
])("an endpoint %s does not get more shards", async (_what, options, settings) => {
  const { raised, run } = growing(options);
  await run(300, settings);
  expect(raised).toEqual([]);
});

it("a dispatcher asks again when the directory was away", async () => {
  const { run } = growing({ isAway: true });
  await expect(run(300)).resolves.toBeUndefined();
});
