/** Limits of what may wait in one object. */
export interface BacklogBounds {
  readonly deliveries: number;
  /** The sum of the sizes of their bodies. */
  readonly bytes: number;
}

/** The deliveries that were waiting when they were counted, and how many may. */
export interface BacklogCount extends BacklogBounds {
  /** `seq` of the newest delivery at that time. */
  readonly seq: number;
  readonly allowed: BacklogBounds;
}

/** An object holds 10 GB (Durable Objects limits, read 2026-11-30). History and indexes need room beside waiting deliveries. */
export const MAX_WAITING_BYTES = 2 * 1_073_741_824;
/** Three days of two events per second while an endpoint is away. */
export const DEFAULT_MAX_WAITING = 500_000;
/** A count reads all waiting deliveries. It is repeated only after this share of the limit was added. */
const RECOUNT_SHARE = 0.01;
/** Factor by which an operator raises the limit who enables an endpoint with too many waiting deliveries. */
const RAISE_FACTOR = 1.1;

/**
 * Returns whether the limit may be exceeded, so that waiting deliveries have to be counted. It reads no row: every delivery that was added
 * since the last count may still be waiting, and the waiting bodies are part of the database.
 */
export function mayExceed(
  count: BacklogCount | undefined,
  now: { readonly seq: number; readonly databaseBytes: number },
  bounds: BacklogBounds,
): boolean {
  const { seq, deliveries, allowed } = count ?? { seq: 0, deliveries: 0, allowed: bounds };
  const added = now.seq - seq;
  if (count !== undefined && added < bounds.deliveries * RECOUNT_SHARE) return false;
  return deliveries + added > allowed.deliveries || now.databaseBytes > allowed.bytes;
}

export function exceeds({ deliveries, bytes, allowed }: BacklogCount): boolean {
  return deliveries > allowed.deliveries || bytes > allowed.bytes;
}

/** Returns the limit after a count. A limit that an operator has raised stays until the count is within the normal one. */
export function allowedAfter(
  counted: BacklogBounds,
  before: BacklogCount | undefined,
  bounds: BacklogBounds,
): BacklogBounds {
  const isWithin = counted.deliveries <= bounds.deliveries && counted.bytes <= bounds.bytes;
  return isWithin ? bounds : (before?.allowed ?? bounds);
}

/** Returns the raised limit after an operator has enabled the endpoint. */
export function raisedBounds(counted: BacklogBounds, bounds: BacklogBounds): BacklogBounds {
  return {
    deliveries: Math.max(bounds.deliveries, Math.ceil(counted.deliveries * RAISE_FACTOR)),
    bytes: Math.max(bounds.bytes, Math.ceil(counted.bytes * RAISE_FACTOR)),
  };
}
