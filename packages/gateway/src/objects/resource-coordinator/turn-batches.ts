import { sleepByTimer } from "@ghl-edge/core";

/** Highest number of turns in one request to the company's object. */
const MAX_TURNS = 1_000;
/**
 * Shortest time between two requests to the company's object. Requests that arrive meanwhile share the next one. 64 objects ask at most 256
 * times a second together.
 */
const PAUSE_MS = 250;

/** Collects requests for turns, so that the company's object gets one request for many locations. */
export interface TurnBatches {
  /** Resolves with the delay of the caller's turn from now on, in ms. */
  take(): Promise<number>;
}

interface Waiter {
  readonly resolve: (delayMs: number) => void;
  readonly reject: (error: unknown) => void;
}

/** @param takeTurns - Asks the company's object for some turns. It resolves with the delay of each, in ms. */
export function createTurnBatches(
  takeTurns: (count: number) => Promise<readonly number[]>,
  sleep: (ms: number) => Promise<void> = sleepByTimer,
): TurnBatches {
  let waiting: Waiter[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_TURNS);
      waiting = waiting.slice(MAX_TURNS);
      try {
        const delaysMs = await takeTurns(batch.length);
        for (const [index, { resolve }] of batch.entries()) resolve(delaysMs[index]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      await sleep(PAUSE_MS);
    }
    isRunning = false;
  }

  return {
    take() {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        if (!isRunning) void run();
      });
    },
  };
}
