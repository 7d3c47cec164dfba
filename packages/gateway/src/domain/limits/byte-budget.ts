/** Counts bytes in memory against a limit. */
export interface ByteBudget {
  /** Bytes in use now. */
  readonly usedBytes: number;
  /** Highest `usedBytes` so far. */
  readonly peakBytes: number;
  /** Returns the number of bytes that still fit, at least 0. */
  leftBytes(): number;
  /** Takes bytes, whether they fit or not. The result releases them; only its first call has an effect. */
  take(bytes: number): () => void;
}

/** Creates an empty budget. */
export function createByteBudget(limitBytes: number): ByteBudget {
  let usedBytes = 0;
  let peakBytes = 0;
  return {
    get usedBytes() {
      return usedBytes;
    },
    get peakBytes() {
      return peakBytes;
    },
    leftBytes: () => Math.max(0, limitBytes - usedBytes),
    take(bytes) {
      usedBytes += bytes;
      peakBytes = Math.max(peakBytes, usedBytes);
      let isTaken = true;
      return () => {
        if (isTaken) usedBytes -= bytes;
        isTaken = false;
      };
    },
  };
}

/** A task, and the memory that it needs while it runs. */
export interface SizedWork<Result> {
  readonly bytes: number;
  readonly run: () => Promise<Result>;
}

/**
 * Runs all tasks in order: as many at a time as fit into the budget, and at least one. A task that waits has not started, so it needs no
 * memory yet.
 *
 * @returns the outcome of each task, in the order of `works`
 */
export async function runWithin<Result>(
  budget: ByteBudget,
  works: readonly SizedWork<Result>[],
): Promise<readonly PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  const running = new Set<Promise<void>>();
  for (const [index, { bytes, run }] of works.entries()) {
    while (running.size > 0 && bytes > budget.leftBytes()) await Promise.race(running);
    const release = budget.take(bytes);
    const settled = Promise.allSettled([Promise.resolve().then(run)]);
    const work: Promise<void> = settled.then(([result]) => {
      results[index] = result;
      release();
      running.delete(work);
    });
    running.add(work);
  }
  await Promise.all(running);
  return results;
}
