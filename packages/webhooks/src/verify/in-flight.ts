/** Counts the deliveries that have begun and not settled. A check can then see whether others wait for the same thread. */
export interface InFlight {
  readonly count: () => number;
  readonly track: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createInFlight(): InFlight {
  let count = 0;
  return {
    count: () => count,
    async track(work) {
      count++;
      try {
        return await work();
      } finally {
        count--;
      }
    },
  };
}
