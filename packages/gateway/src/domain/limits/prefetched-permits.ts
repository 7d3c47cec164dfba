import type { IssuedPermit } from "@ghl-edge/rate-limit";
import { PREFETCH_MS } from "./budget.ts";

/** A permit, and what `needsReport` of `@ghl-edge/rate-limit` must know of it. */
export type NumberedPermit = Pick<IssuedPermit, "number" | "report" | "expectedUsed">;

/** Token and permit for one call. */
export interface CallCredentials {
  readonly accessToken: string;
  readonly permit: NumberedPermit & { readonly intervalLimit: number };
  /** Time by this machine's clock from which the slot is taken. For a prefetched permit it is also the latest start. */
  readonly startAtMs: number;
}

/** Reply of the object, as far as prefetching uses it. */
export interface PrefetchReply {
  readonly accessToken: string;
  readonly permit: { readonly intervalLimit: number };
  readonly prefetched: readonly NumberedPermit[];
}

/** One request to the object. */
export interface Prefetch {
  readonly callKey: string;
  readonly atMs: number;
  /** Number of permits to request beside the one for the call itself. */
  readonly count: number;
  /** Numbers of unused permits that go back with the request. */
  readonly returned: readonly number[];
}

/** Prefetched permits of this machine. A `callKey` identifies calls that need the same permit and token. */
export interface PrefetchedPermits {
  /** Takes a prefetched permit for a call. `undefined`: the object must be called. */
  take(callKey: string): CallCredentials | undefined;
  /** Decides how many permits the next request to the object brings, and which unused ones it returns. */
  plan(callKey: string): Prefetch;
  /** Adds the permits of the object's reply. `undefined`: the object refused. */
  add(prefetch: Prefetch, reply: PrefetchReply | undefined): void;
  /** Takes out all unused permits, so that the caller can return them. HighLevel would refuse the next call as it refused the last. */
  returnUnused(callKey: string): readonly number[];
}

/** Upper bound per request. Higher values starve other isolates; lower values need more than one round trip per nine calls. */
const MAX_PREFETCHED = 8;
/** Number of call keys in memory. Calls of a key that is dropped go to the object each time. */
const MAX_CALL_KEYS = 1_000;

interface Entry {
  /** Start times of the most recent calls, oldest first, in ms since the epoch. */
  readonly callsAtMs: number[];
  /** The request that is under way. It expires after `PREFETCH_MS`, because a request that is cut off never reports its end. */
  pending: Prefetch | undefined;
  /** Oldest first. */
  ready: CallCredentials[];
}

/**
 * Holds permits that this machine received ahead, so that the next calls of a location need no trip to its object. That trip may be longer
 * than the one to HighLevel. The number to prefetch is the number of calls in the last `PREFETCH_MS`.
 */
export function createPrefetchedPermits(now: () => number = () => Date.now()): PrefetchedPermits {
  const entries = new Map<string, Entry>();

  function entryOf(callKey: string): Entry {
    const entry = entries.get(callKey) ?? { callsAtMs: [], pending: undefined, ready: [] };
    entries.delete(callKey);
    const oldest = entries.keys().next();
    if (entries.size >= MAX_CALL_KEYS && !oldest.done) entries.delete(oldest.value);
    entries.set(callKey, entry);
    return entry;
  }

  function takeAll(entry: Entry): readonly number[] {
    const numbers = entry.ready.map(({ permit }) => permit.number);
    entry.ready = [];
    return numbers;
  }

  return {
    take(callKey) {
      const entry = entryOf(callKey);
      const nowMs = now();
      entry.callsAtMs.push(nowMs);
      if (entry.callsAtMs.length > MAX_PREFETCHED + 1) entry.callsAtMs.shift();
      const [next] = entry.ready;
      // A clock that was set back must not make a permit usable for longer.
      if (next === undefined || nowMs > next.startAtMs || nowMs < next.startAtMs - PREFETCH_MS) return undefined;
      return entry.ready.shift();
    },
    plan(callKey) {
      const entry = entryOf(callKey);
      const nowMs = now();
      const returned = takeAll(entry);
      // One request at a time prefetches. Otherwise each of several concurrent calls would bring what all of them need.
      if (entry.pending !== undefined && nowMs < entry.pending.atMs + PREFETCH_MS)
        return { callKey, atMs: nowMs, count: 0, returned };
      const recentCalls = entry.callsAtMs.filter((atMs) => atMs > nowMs - PREFETCH_MS).length;
      // The call itself is one of them.
      entry.pending = { callKey, atMs: nowMs, count: Math.max(0, recentCalls - 1), returned };
      return entry.pending;
    },
    add(prefetch, reply) {
      const entry = entryOf(prefetch.callKey);
      if (entry.pending === prefetch) entry.pending = undefined;
      if (reply === undefined) return;
      const { accessToken, prefetched } = reply;
      const { intervalLimit } = reply.permit;
      const startAtMs = prefetch.atMs + PREFETCH_MS;
      for (const permit of prefetched)
        entry.ready.push({ accessToken, permit: { ...permit, intervalLimit }, startAtMs });
    },
    returnUnused: (callKey) => takeAll(entryOf(callKey)),
  };
}
