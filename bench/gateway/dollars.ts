import type { Row } from "../report/row.ts";
import { type Counters, requestsOf } from "./counters.ts";

/** An object is charged for 128 MB as long as it is active (Durable Objects, pricing, read 2026-11-21). */
export const GB_PER_OBJECT = 0.128;

interface Price {
  readonly what: string;
  /** Dollars for a million units, beyond what a plan includes. */
  readonly perMillion: number;
  readonly unit: string;
  readonly source: string;
  readonly read: string;
  /** Units of a run. */
  readonly unitsOf: (counters: Counters, cpuMs: number) => number;
}

const WORKERS = "https://developers.cloudflare.com/workers/platform/pricing/";
const OBJECTS = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const D1 = "https://developers.cloudflare.com/d1/platform/pricing/";
const QUEUES = "https://developers.cloudflare.com/queues/platform/pricing/";
const ANALYTICS = "https://developers.cloudflare.com/analytics/analytics-engine/pricing/";
const read = "2026-11-30";

/**
 * List prices of the paid plan. What the plan includes is not subtracted. Requests, CPU time, duration and data points were read in copies of
 * these pages. The prices of rows, queues and log lines come from other lists and were not read there.
 */
export const PRICES: readonly Price[] = [
  {
    what: "Worker",
    perMillion: 0.3,
    unit: "request",
    source: WORKERS,
    read,
    unitsOf: ({ workerRequests }) => workerRequests,
  },
  { what: "CPU", perMillion: 0.02, unit: "ms", source: WORKERS, read, unitsOf: (_counters, cpuMs) => cpuMs },
  { what: "objects", perMillion: 0.15, unit: "request", source: OBJECTS, read, unitsOf: requestsOf },
  {
    what: "objects active",
    perMillion: 12.5,
    unit: "GB-s",
    source: OBJECTS,
    read,
    unitsOf: ({ activeMs }) => (activeMs / 1000) * GB_PER_OBJECT,
  },
  { what: "rows read", perMillion: 0.001, unit: "row", source: OBJECTS, read, unitsOf: ({ rowsRead }) => rowsRead },
  {
    what: "rows written",
    perMillion: 1,
    unit: "row",
    source: OBJECTS,
    read,
    unitsOf: ({ rowsWritten }) => rowsWritten,
  },
  { what: "D1 read", perMillion: 0.001, unit: "row", source: D1, read, unitsOf: ({ d1RowsRead }) => d1RowsRead },
  { what: "D1 written", perMillion: 1, unit: "row", source: D1, read, unitsOf: ({ d1RowsWritten }) => d1RowsWritten },
  {
    what: "queues",
    perMillion: 0.4,
    unit: "operation",
    source: QUEUES,
    read,
    unitsOf: ({ queueOperations }) => queueOperations,
  },
  { what: "log lines", perMillion: 0.6, unit: "line", source: WORKERS, read, unitsOf: ({ logLines }) => logLines },
  { what: "counts", perMillion: 0.25, unit: "point", source: ANALYTICS, read, unitsOf: ({ dataPoints }) => dataPoints },
];

/** A measured run. */
export interface Priced {
  readonly section: string;
  readonly what: string;
  /** `event` or `call`. */
  readonly one: string;
  readonly count: number;
  readonly counters: Counters;
  /** CPU time of workerd in the run; undefined where it cannot be read. */
  readonly cpuMs: number | undefined;
  readonly atMost?: number;
  readonly note?: string;
}

/** The row with the dollars of a million events or calls. Its note has the parts that are a cent or more. */
export function dollarsRow({ section, what, one, count, counters, cpuMs, atMost, note }: Priced): Row {
  const parts = PRICES.map(({ what, perMillion, unitsOf }) => {
    return { what, dollars: (unitsOf(counters, cpuMs ?? 0) * perMillion) / count };
  });
  const listed = parts.filter(({ dollars }) => dollars >= 0.005).sort((a, b) => b.dollars - a.dollars);
  const texts = listed.map(({ what, dollars }) => `${what} ${dollars.toFixed(2)}`);
  return {
    section,
    what: `${what}: dollars per million ${one}s`,
    unit: "$",
    ours: parts.reduce((sum, { dollars }) => sum + dollars, 0),
    peer: "–",
    ...(atMost !== undefined && { target: { of: "ours", bound: "at most", value: atMost } as const }),
    note: [texts.join(", "), ...(cpuMs === undefined ? ["CPU not measured"] : []), ...(note ? [note] : [])].join("; "),
  };
}
