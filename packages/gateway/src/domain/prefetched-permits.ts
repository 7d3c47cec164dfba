import { PREFETCH_MS } from "./budget.ts";

/** A permit, and what `needsReport` of `@ghl-edge/rate-limit` asks for of it. */
export interface NumberedPermit {
  readonly number: number;
  readonly report: boolean;
  readonly expectedUsed: number;
}

/** Leave to send one request. */
export interface Held {
  readonly accessToken: string;
  readonly permit: NumberedPermit & { readonly intervalLimit: number };
  /** Since when its slot is taken, by this machine's clock; for a spare one until when it may be used. */
  readonly startAtMs: number;
}

/** What an object gave beyond what was needed. */
export interface Given {
  readonly accessToken: string;
  readonly permit: { readonly intervalLimit: number };
  readonly prefetched: readonly NumberedPermit[];
}

/** A question to the object. */
export interface Asked {
  readonly wanted: string;
  readonly atMs: number;
  readonly prefetch: number;
  /** To give back. */
  readonly returned: readonly number[];
}

export interface PrefetchedPermits {
  /** One that is left for calls that ask for this; undefined: the object has to be asked. */
  take(wanted: string): Held | undefined;
  /** What to ask the object for beside the permit, and what to give back. */
  ask(wanted: string): Asked;
  /** The object's answer; undefined: a refusal. */
  keep(asked: Asked, given: Given | undefined): void;
  /** HighLevel has refused such a call, and would refuse the next one: what is left, to give it back. */
  returnUnused(wanted: string): readonly number[];
}

/** More would be missed by other machines; fewer would be asked for more often than one call in nine. */
const MAX_PREFETCHED = 8;
/** What calls of so many kinds have left is kept; a kind that is dropped asks for each call again. */
const MAX_KINDS = 1_000;

interface Kind {
  /** Of the last calls. */
  readonly callsAtMs: number[];
  /** Under way, for `PREFETCH_MS` at most: whoever is cut off does not say that it has ended. */
  asking: Asked | undefined;
  /** Those given first are first. */
  left: Held[];
}

/**
 * Permits of which this machine was given more than it needed, so that the next calls of a location need not go to its object: a way
 * that may be longer than that to HighLevel. As many are asked for as calls were made in the time for which they are good.
 */
export function createPrefetchedPermits(now: () => number = () => Date.now()): PrefetchedPermits {
  const kinds = new Map<string, Kind>();

  function kindOf(wanted: string): Kind {
    const kind = kinds.get(wanted) ?? { callsAtMs: [], asking: undefined, left: [] };
    kinds.delete(wanted);
    const oldest = kinds.keys().next();
    if (kinds.size >= MAX_KINDS && !oldest.done) kinds.delete(oldest.value);
    kinds.set(wanted, kind);
    return kind;
  }

  function takeAll(kind: Kind): readonly number[] {
    const unused = kind.left.map(({ permit }) => permit.number);
    kind.left = [];
    return unused;
  }

  return {
    take(wanted) {
      const kind = kindOf(wanted);
      const nowMs = now();
      kind.callsAtMs.push(nowMs);
      if (kind.callsAtMs.length > MAX_PREFETCHED + 1) kind.callsAtMs.shift();
      const [next] = kind.left;
      // a clock that was set back makes nothing good for longer
      if (next === undefined || nowMs > next.startAtMs || nowMs < next.startAtMs - PREFETCH_MS) return undefined;
      return kind.left.shift();
    },
    ask(wanted) {
      const kind = kindOf(wanted);
      const nowMs = now();
      const unused = takeAll(kind);
      // one at a time: calls that come together would each be given what all of them need
      if (kind.asking !== undefined && nowMs < kind.asking.atMs + PREFETCH_MS)
        return { wanted, atMs: nowMs, prefetch: 0, returned: unused };
      const lately = kind.callsAtMs.filter((atMs) => atMs > nowMs - PREFETCH_MS).length;
      // the call itself is one of them
      kind.asking = { wanted, atMs: nowMs, prefetch: Math.max(0, lately - 1), returned: unused };
      return kind.asking;
    },
    keep(asked, given) {
      const kind = kindOf(asked.wanted);
      if (kind.asking === asked) kind.asking = undefined;
      if (given === undefined) return;
      const { accessToken, prefetched } = given;
      const { intervalLimit } = given.permit;
      const startAtMs = asked.atMs + PREFETCH_MS;
      for (const permit of prefetched) kind.left.push({ accessToken, permit: { ...permit, intervalLimit }, startAtMs });
    },
    returnUnused: (wanted) => takeAll(kindOf(wanted)),
  };
}
