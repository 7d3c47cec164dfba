import { type RateLimits, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";

/** Objects of a company that collect requests for turns. 20,000 locations at once are 313 requests to each. */
export const OBJECTS_OF_MINT_TURNS = 64;
/** A last turn that is further ahead is from before the clock was set back. It is a queue of 800,000 locations at the standard limit. */
const LONGEST_QUEUE_MS = 24 * 3_600_000;

/** Hands out the times at which the locations of one company may mint their tokens. */
export interface MintTurns {
  /** Returns the time of the next turn, in ms since the epoch. Turns follow each other as fast as the company's limit lets them. */
  take(nowMs: number): number;
  /** Time of the last turn that was handed out. */
  readonly lastAtMs: number | undefined;
}

/**
 * A turn begins one interval after the turn that is `limit` turns earlier, as a slot of the limiter does. So as many turns as the limit
 * begin at once, and a queue of turns has equal distances: 9.5 a second at 100 calls in 10 s.
 *
 * @param lastAtMs - Time of the last turn of an earlier activation. Turns that it handed out are not handed out again.
 */
export function createMintTurns({ limit, intervalMs }: RateLimits["burst"], lastAtMs?: number): MintTurns {
  const cycleMs = intervalMs + UNSETTLED_PAD_MS;
  const stepMs = cycleMs / limit;
  let last = lastAtMs;
  /** Times of the newest turns, oldest first, at most `limit`. */
  let times: number[] = [];
  if (last !== undefined) for (let back = limit - 1; back >= 0; back--) times.push(last - back * stepMs);
  return {
    take(nowMs) {
      if (last !== undefined && last > nowMs + LONGEST_QUEUE_MS) {
        last = undefined;
        times = [];
      }
      const slotAtMs = times.length < limit ? nowMs : times.shift()! + cycleMs;
      const afterLastMs = last !== undefined && last > nowMs ? last + stepMs : nowMs;
      last = Math.max(nowMs, slotAtMs, afterLastMs);
      times.push(last);
      return last;
    },
    get lastAtMs() {
      return last;
    },
  };
}
