/** Counts of what Cloudflare charges for, in the gateway's objects. */
export interface Counters {
  /** Class and method → how often it was called through a stub, or as alarm. */
  readonly requests: Record<string, number>;
  rowsWritten: number;
  rowsRead: number;
  /** Milliseconds in which an object had a request under way or a timer set, summed over objects. */
  activeMs: number;
  /** Statements prepared for D1. */
  queries: number;
}

/** Returns the counts since `before`. */
export function countersSince(now: Counters, before: Counters): Counters {
  const names = Object.keys(now.requests);
  return {
    requests: Object.fromEntries(names.map((name) => [name, now.requests[name]! - (before.requests[name] ?? 0)])),
    rowsWritten: now.rowsWritten - before.rowsWritten,
    rowsRead: now.rowsRead - before.rowsRead,
    activeMs: now.activeMs - before.activeMs,
    queries: now.queries - before.queries,
  };
}

export const requestsOf = ({ requests }: Counters): number =>
  Object.values(requests).reduce((sum, count) => sum + count, 0);
