/** Counts for Analytics Engine. They are complete, whatever is logged. */

import { sleepByTimer } from "@ghl-edge/core";

/** An outcome that is counted. Equal points are written as one, with their number. */
export interface MetricPoint {
  readonly what: "request" | "binding" | "delivery";
  readonly app: string;
  /** HighLevel's operation, name of an event or admin action; else our route. */
  readonly name: string;
  readonly outcome: string;
  /** HTTP status of the answer; empty when there was none. */
  readonly status: string;
  /** Empty for what no endpoint is part of. */
  readonly endpointId: string;
}

/** Columns `blob1`, `blob2`, … of the dataset. `index1` is the app. */
export const METRIC_BLOBS: readonly (keyof MetricPoint)[] = ["what", "app", "name", "outcome", "status", "endpointId"];

/** Columns `double1`, `double2`, … of the dataset. */
export const METRIC_DOUBLES = ["count", "durationMs", "longestMs"] as const;

/** Longest text of a column. Names of events are the senders'; 20 blobs of one point have 16 KB (Analytics Engine limits, read 2026-11-30). */
const MAX_TEXT = 200;
/** An invocation may write 250 points (https://developers.cloudflare.com/analytics/analytics-engine/limits/, read 2026-11-30). */
const MAX_POINTS = 200;
/** Time in which the Worker collects counts before it writes them. Waiting costs no CPU time. */
const COLLECT_MS = 1_000;
/** Different points that are held. Beyond that they are written at once. */
const MAX_HELD = 1_000;

interface Sum {
  readonly point: MetricPoint;
  count: number;
  durationMs: number;
  longestMs: number;
}

/** The part of Analytics Engine that is used. */
export type Dataset = Pick<AnalyticsEngineDataset, "writeDataPoint">;

/** Counts of an isolate that are not written yet. */
export interface Metrics {
  /** Adds one to the count of a point. */
  add(point: MetricPoint, durationMs: number): void;
  /** Writes what is held: of each different point one data point, at most as many as an invocation may write. */
  flush(): void;
  /** Writes what is held after a second. A call within that second does nothing. */
  flushSoon(waitUntil: (work: Promise<unknown>) => void): void;
}

/** @param dataset - Undefined where none is bound: nothing is held or written */
export function createMetrics(dataset: Dataset | undefined): Metrics {
  const sums = new Map<string, Sum>();
  let flushAtMs = 0;

  function write({ point, count, durationMs, longestMs }: Sum): void {
    const blobs = METRIC_BLOBS.map((name) => point[name].slice(0, MAX_TEXT));
    dataset?.writeDataPoint({ indexes: [point.app], blobs, doubles: [count, durationMs, longestMs] });
  }

  function flush(): void {
    for (const [key, sum] of Array.from(sums).slice(0, MAX_POINTS)) {
      sums.delete(key);
      write(sum);
    }
  }

  return {
    add(point, durationMs) {
      if (dataset === undefined) return;
      const key = METRIC_BLOBS.map((name) => point[name]).join("\n");
      const sum = sums.get(key);
      if (sum !== undefined) {
        sum.count++;
        sum.durationMs += durationMs;
        sum.longestMs = Math.max(sum.longestMs, durationMs);
        return;
      }
      const first = { point, count: 1, durationMs, longestMs: durationMs };
      if (sums.size >= MAX_HELD) write(first);
      else sums.set(key, first);
    },
    flush,
    flushSoon(waitUntil) {
      const nowMs = Date.now();
      // The invocation that was to write may have ended early. Then a later one does.
      if (sums.size === 0 || (nowMs >= flushAtMs - COLLECT_MS && nowMs < flushAtMs + COLLECT_MS)) return;
      flushAtMs = nowMs + COLLECT_MS;
      const work = sleepByTimer(COLLECT_MS).then(() => {
        flushAtMs = 0;
        flush();
      });
      waitUntil(work);
    },
  };
}
