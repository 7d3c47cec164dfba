/** Largest number of shards of an endpoint. */
export const MAX_SHARDS = 16;

/** Deliveries that are due for less than this time are no backlog. */
const MIN_LAG_MS = 10_000;
/** Time for which the lag has to grow before the endpoint gets more shards. */
const GROW_AFTER_MS = 60_000;
/** Least growth of the lag. Below it the backlog is constant, and it ends when fewer events come. */
const MIN_GROWTH_MS = 1_000;

/** Describes the backlog of a dispatcher at one time. */
export interface BacklogSample {
  readonly atMs: number;
  /** Shards of the endpoint. */
  readonly shards: number;
  /** Time for which the oldest ready delivery has been due. */
  readonly lagMs: number;
}

/**
 * Returns the sample to compare with later ones, and whether the endpoint should get more shards. The lag of a dispatcher that sends without
 * a pause grows when more events come than it can send. `since` is the first sample of the time with a lag.
 */
export function stepGrowth(
  since: BacklogSample | undefined,
  now: BacklogSample,
): { readonly since: BacklogSample | undefined; readonly grows: boolean } {
  if (now.lagMs < MIN_LAG_MS) return { since: undefined, grows: false };
  // After the last growth the lag has to grow again, because each shard gets fewer events now.
  if (since === undefined || since.shards !== now.shards) return { since: now, grows: false };
  if (now.atMs - since.atMs < GROW_AFTER_MS) return { since, grows: false };
  return { since: now, grows: now.lagMs - since.lagMs >= MIN_GROWTH_MS };
}

/** Returns the next number of shards; undefined when there may not be more. */
export function grownShards(shards: number, maxShards: number): number | undefined {
  const grown = Math.min(shards * 2, maxShards, MAX_SHARDS);
  return grown > shards ? grown : undefined;
}
