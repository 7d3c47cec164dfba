import { createEventMaker, locationIds, type SignedEvent } from "./events.ts";

const DAY_MS = 86_400_000;
/** Every so many events' signed time is outside the replay window: they are stored, and have no effect. */
const STALE_EVERY = 10;
const STALE_DAYS = 3;
/** The window is 73 hours. */
const OLDEST_FRESH_DAYS = 4;

export interface TrafficOptions {
  /** Posts in all, those that repeat an earlier event among them. */
  readonly posts: number;
  /** Share of the posts that repeat an event. */
  readonly duplicates: number;
  readonly locations: number;
}

export interface Traffic {
  readonly publicKey: string;
  /** Different events. */
  readonly distinct: number;
  /** Numbers of the events in the order in which they are posted. */
  readonly order: Uint32Array;
  /** Outside the replay window. */
  isStale(number: number): boolean;
  /** The same bytes on every call. */
  post(number: number): SignedEvent;
}

/** Every event at least once, the rest repeats at random, all in random order. */
function shuffled(posts: number, distinct: number): Uint32Array {
  const order = Uint32Array.from({ length: posts }, (_, index) =>
    index < distinct ? index : Math.floor(Math.random() * distinct),
  );
  for (let index = posts - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}

export function createTraffic({ posts, duplicates, locations }: TrafficOptions): Traffic {
  const distinct = posts - Math.round(posts * duplicates);
  const ids = locationIds(locations);
  const maker = createEventMaker();
  /** 0: not posted yet. A long run outlasts the replay window, so an event is as old as its first post. */
  const signedAtMs = new Float64Array(distinct);
  const isStale = (number: number): boolean => number % STALE_EVERY === 0;
  return {
    publicKey: maker.publicKey,
    distinct,
    order: shuffled(posts, distinct),
    isStale,
    post(number) {
      const daysAgo = isStale(number) ? OLDEST_FRESH_DAYS + ((number / STALE_EVERY) % STALE_DAYS) : 0;
      signedAtMs[number] ||= Date.now() - daysAgo * DAY_MS;
      // The number alone does not select the location, because stale events would all be of the same few locations.
      const locationId = ids[Math.floor(number / STALE_EVERY + number) % locations]!;
      return maker.make({ number, locationId, atMs: signedAtMs[number]! });
    },
  };
}
