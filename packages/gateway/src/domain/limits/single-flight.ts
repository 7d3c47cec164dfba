import { sleepByTimer } from "@ghl-edge/core";

const POLL_MS = 25;

export interface SingleFlightOptions {
  /** Time after which an unfinished run counts as lost, because its request may have been cancelled. */
  readonly timeoutMs: number;
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

/** Work that one request of an isolate does for all of them. */
export interface SingleFlight {
  isUnderWay(): boolean;
  /** Runs the work and throws its error. If another request runs it already, waits until that run ends or is lost. */
  run(work: () => Promise<void>): Promise<void>;
}

/**
 * Creates a lock for the requests of one isolate. Waiting requests poll, because on Workers a request must not await a promise of
 * another one.
 */
export function createSingleFlight({
  timeoutMs,
  now = () => Date.now(),
  sleep = sleepByTimer,
}: SingleFlightOptions): SingleFlight {
  let untilMs = 0;
  const isUnderWay = (): boolean => now() < untilMs;
  return {
    isUnderWay,
    async run(work) {
      if (isUnderWay()) {
        while (isUnderWay()) await sleep(POLL_MS);
        return;
      }
      const ownUntilMs = now() + timeoutMs;
      untilMs = ownUntilMs;
      try {
        await work();
      } finally {
        // If this run counted as lost, a later run is under way and keeps its own time.
        if (untilMs === ownUntilMs) untilMs = 0;
      }
    },
  };
}
