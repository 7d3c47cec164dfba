import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMetrics, METRIC_BLOBS, METRIC_DOUBLES, type MetricPoint } from "../../src/platform/metrics.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const point: MetricPoint = {
  what: "delivery",
  app: "main",
  name: "ContactCreate",
  outcome: "delivered",
  status: "200",
  endpointId: "ep_1",
};

function dataset() {
  const points: AnalyticsEngineDataPoint[] = [];
  return { points, writeDataPoint: (written?: AnalyticsEngineDataPoint) => void points.push(written!) };
}

it("a data point has the number and the durations of equal outcomes", () => {
  const written = dataset();
  const metrics = createMetrics(written);
  metrics.add(point, 10);
  metrics.add(point, 30);
  metrics.add({ ...point, outcome: "dead", status: "500" }, 5);
  metrics.flush();
  metrics.flush();
  expect(written.points).toEqual([
    {
      indexes: ["main"],
      blobs: ["delivery", "main", "ContactCreate", "delivered", "200", "ep_1"],
      doubles: [2, 40, 30],
    },
    { indexes: ["main"], blobs: ["delivery", "main", "ContactCreate", "dead", "500", "ep_1"], doubles: [1, 5, 5] },
  ]);
  expect([METRIC_BLOBS.length, METRIC_DOUBLES.length]).toEqual([6, 3]);
});

it("an invocation writes fewer points than Analytics Engine takes, and the next one writes the others", () => {
  const written = dataset();
  const metrics = createMetrics(written);
  for (let index = 0; index < 300; index++) metrics.add({ ...point, name: `${index}` }, 1);
  metrics.flush();
  expect(written.points.length).toBeLessThanOrEqual(250);
  metrics.flush();
  expect(written.points).toHaveLength(300);
});

it("no count is lost when more is held than is allowed, and a long name is cut", () => {
  const written = dataset();
  const metrics = createMetrics(written);
  for (let index = 0; index < 1_005; index++) metrics.add({ ...point, name: `${index}`.padEnd(5_000, "x") }, 1);
  for (let times = 0; times < 6; times++) metrics.flush();
  expect(written.points).toHaveLength(1_005);
  expect(Math.max(...written.points.map(({ blobs }) => blobs!.join("").length))).toBeLessThan(16_384);
});

it("requests of one second are written by one of them", async () => {
  const written = dataset();
  const metrics = createMetrics(written);
  const works: Promise<unknown>[] = [];
  for (let times = 0; times < 3; times++) {
    metrics.add(point, 1);
    metrics.flushSoon((work) => works.push(work));
  }
  expect([works.length, written.points.length]).toEqual([1, 0]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written.points.map(({ doubles }) => doubles![0])).toEqual([3]);
  metrics.add(point, 1);
  metrics.flushSoon((work) => works.push(work));
  expect(works).toHaveLength(2);
});

it("a later request writes the counts of a request that ended too early", async () => {
  const written = dataset();
  const metrics = createMetrics(written);
  metrics.add(point, 1);
  metrics.flushSoon(() => {});
  vi.clearAllTimers();
  vi.setSystemTime(Date.now() + 5_000);
  metrics.flushSoon(() => {});
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written.points).toHaveLength(1);
});

it("a gateway without a dataset holds nothing, and no request waits", () => {
  const metrics = createMetrics(undefined);
  metrics.add(point, 1);
  const waitUntil = vi.fn();
  metrics.flushSoon(waitUntil);
  metrics.flush();
  expect(waitUntil).not.toHaveBeenCalled();
});
