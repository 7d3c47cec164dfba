/** Counts of what Cloudflare charges for, in the Worker and in the gateway's objects. */
export interface Counters {
  /** Class and method → how often it was called through a stub, or as alarm. */
  readonly requests: Record<string, number>;
  /** Requests and batches of a queue that the Worker handled. */
  workerRequests: number;
  rowsWritten: number;
  rowsRead: number;
  /** Milliseconds in which an object had a request under way or a timer set, summed over objects. */
  activeMs: number;
  /** Statements prepared for D1. */
  queries: number;
  d1RowsWritten: number;
  d1RowsRead: number;
  /** A message is written, read and deleted: three operations. */
  queueOperations: number;
  logLines: number;
  /** Data points for Analytics Engine. */
  dataPoints: number;
}

type Count = Exclude<keyof Counters, "requests">;

/** Counters of an isolate that has done nothing. */
export const newCounters = (): Counters => ({
  requests: {},
  workerRequests: 0,
  rowsWritten: 0,
  rowsRead: 0,
  activeMs: 0,
  queries: 0,
  d1RowsWritten: 0,
  d1RowsRead: 0,
  queueOperations: 0,
  logLines: 0,
  dataPoints: 0,
});

/** Returns the counts since `before`. */
export function countersSince(now: Counters, before: Counters): Counters {
  const since = newCounters();
  for (const name of Object.keys(now.requests))
    since.requests[name] = now.requests[name]! - (before.requests[name] ?? 0);
  for (const name of Object.keys(since) as (keyof Counters)[])
    if (name !== "requests") since[name satisfies Count] = now[name] - before[name];
  return since;
}

export const requestsOf = ({ requests }: Counters): number =>
  Object.values(requests).reduce((sum, count) => sum + count, 0);
