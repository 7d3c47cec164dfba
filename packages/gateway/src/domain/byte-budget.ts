/** Counts what is held in memory at a time, against a limit. */
export interface ByteBudget {
  readonly usedBytes: number;
  /** The most that was ever in use at a time. */
  readonly peakBytes: number;
  /** Bytes that still fit; 0 when none do. */
  leftBytes(): number;
  /** Takes them, fit or not; returns how to give them back, which has an effect once. */
  take(bytes: number): () => void;
}

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

/** One piece of work and what it holds in memory while it runs. */
export interface SizedWork<Result> {
  readonly bytes: number;
  readonly run: () => Promise<Result>;
}

/**
 * Runs all in their order, as many at a time as fit into the budget, and one at least. Work that waits has not been begun, so that it
 * holds nothing yet.
 *
 * @returns How each has ended, in the order of `works`.
 */
export async function runWithin<Result>(
  budget: ByteBudget,
  works: readonly SizedWork<Result>[],
): Promise<readonly PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  const running = new Set<Promise<void>>();
  for (const [index, { bytes, run }] of works.entries()) {
    while (running.size > 0 && bytes > budget.leftBytes()) await Promise.race(running);
    const giveBack = budget.take(bytes);
    const settled = Promise.allSettled([Promise.resolve().then(run)]);
    const work: Promise<void> = settled.then(([result]) => {
      results[index] = result;
      giveBack();
      running.delete(work);
    });
    running.add(work);
  }
  await Promise.all(running);
  return results;
}
