/** How much may wait in one object. */
export interface BacklogBounds {
  readonly deliveries: number;
  /** The sum of the sizes of their bodies. */
  readonly bytes: number;
}

/** What was waiting when it was counted, and how much may. */
export interface BacklogCount extends BacklogBounds {
  /** Place of the newest delivery at that time. */
  readonly seq: number;
  readonly allowed: BacklogBounds;
}

/** Objects hold 10 GB (Durable Objects limits, read 2026-11-30), and history and indexes need room beside what waits. */
export const MAX_WAITING_BYTES = 2 * 1_073_741_824;
/** Three days of two events per second, if a receiver is away. */
export const DEFAULT_MAX_WAITING = 500_000;
/** A count reads what waits, so that it is repeated after so much of the bound has been added at the earliest. */
const COUNT_AGAIN_SHARE = 0.01;
/** An operator who enables an endpoint again although more waits for it allows this much on top. */
const ALLOWED_AGAIN = 1.1;

/**
 * Whether more than is allowed may be waiting, so that it has to be counted. Decided from what is known for nothing: every
 * delivery that was added since the count may be waiting still, and what waits is part of the database.
 */
export function mayExceed(
  count: BacklogCount | undefined,
  now: { readonly seq: number; readonly databaseBytes: number },
  bounds: BacklogBounds,
): boolean {
  const { seq, deliveries, allowed } = count ?? { seq: 0, deliveries: 0, allowed: bounds };
  const added = now.seq - seq;
  if (count !== undefined && added < bounds.deliveries * COUNT_AGAIN_SHARE) return false;
  return deliveries + added > allowed.deliveries || now.databaseBytes > allowed.bytes;
}

export function exceeds({ deliveries, bytes, allowed }: BacklogCount): boolean {
  return deliveries > allowed.deliveries || bytes > allowed.bytes;
}

/** What may wait after a count: what was allowed by an operator, until it has been worked off. */
export function allowedAfter(
  counted: BacklogBounds,
  before: BacklogCount | undefined,
  bounds: BacklogBounds,
): BacklogBounds {
  const isWithin = counted.deliveries <= bounds.deliveries && counted.bytes <= bounds.bytes;
  return isWithin ? bounds : (before?.allowed ?? bounds);
}

/** An operator has enabled the endpoint, knowing what waits. */
export function allowAgain(counted: BacklogBounds, bounds: BacklogBounds): BacklogBounds {
  return {
    deliveries: Math.max(bounds.deliveries, Math.ceil(counted.deliveries * ALLOWED_AGAIN)),
    bytes: Math.max(bounds.bytes, Math.ceil(counted.bytes * ALLOWED_AGAIN)),
  };
}
