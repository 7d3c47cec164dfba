const LOOK_AGAIN_MS = 25;

export interface SingleFlightOptions {
  /** A run that has not ended after this time counts as lost: its request may have been cancelled. */
  readonly timeoutMs: number;
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

export interface SingleFlight {
  isUnderWay(): boolean;
  /** Runs the work, or, where another request is running it, returns when that has ended or is lost. Throws what the own run throws. */
  run(work: () => Promise<void>): Promise<void>;
}

/**
 * Work that one request of an isolate does for all. The others look for its end, because on Workers a request must not await a promise of
 * another one.
 */
export function createSingleFlight({
  timeoutMs,
  now = () => Date.now(),
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: SingleFlightOptions): SingleFlight {
  let untilMs = 0;
  const isUnderWay = (): boolean => now() < untilMs;
  return {
    isUnderWay,
    async run(work) {
      if (isUnderWay()) {
        while (isUnderWay()) await sleep(LOOK_AGAIN_MS);
        return;
      }
      const ownUntilMs = now() + timeoutMs;
      untilMs = ownUntilMs;
      try {
        await work();
      } finally {
        // Where this run has counted as lost, the one that is under way is another's.
        if (untilMs === ownUntilMs) untilMs = 0;
      }
    },
  };
}
