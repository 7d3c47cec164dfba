/** Five ways in which a server may count "`limit` calls per `intervalMs`". HighLevel does not say which is its own. */

/** Counts calls; a refused call is not counted. */
export interface Upstream {
  /** Whether a call at this time is let in. Times never go back. */
  accept(nowMs: number): boolean;
  /** Value of `X-RateLimit-Remaining`. */
  remaining(nowMs: number): number;
}

export interface UpstreamOptions {
  readonly limit: number;
  readonly intervalMs: number;
  /** Where the first window begins, for the models that have one. */
  readonly phaseMs: number;
}

/** Windows of fixed length on a clock of their own. */
export function fixedWindow({ limit, intervalMs, phaseMs }: UpstreamOptions): Upstream {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  const enter = (nowMs: number): void => {
    const current = Math.floor((nowMs - phaseMs) / intervalMs);
    if (current !== window) [window, used] = [current, 0];
  };
  return {
    accept(nowMs) {
      enter(nowMs);
      if (used >= limit) return false;
      used++;
      return true;
    },
    remaining(nowMs) {
      enter(nowMs);
      return limit - used;
    },
  };
}

/** A window begins with the first call after the end of the one before. */
export function fixedFromFirst({ limit, intervalMs }: UpstreamOptions): Upstream {
  let startMs = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    accept(nowMs) {
      if (nowMs >= startMs + intervalMs) [startMs, used] = [nowMs, 0];
      if (used >= limit) return false;
      used++;
      return true;
    },
    remaining: (nowMs) => (nowMs >= startMs + intervalMs ? limit : limit - used),
  };
}

/** Exactly the calls of the last interval. */
export function slidingLog({ limit, intervalMs }: UpstreamOptions): Upstream {
  let log: number[] = [];
  const prune = (nowMs: number): void => {
    let gone = 0;
    while (gone < log.length && log[gone]! <= nowMs - intervalMs) gone++;
    if (gone > 0) log = log.slice(gone);
  };
  return {
    accept(nowMs) {
      prune(nowMs);
      if (log.length >= limit) return false;
      log.push(nowMs);
      return true;
    },
    remaining(nowMs) {
      prune(nowMs);
      return limit - log.length;
    },
  };
}

/** The usual approximation of the sliding log: the last window's count, weighted by how much of it is still in view. */
export function twoCell({ limit, intervalMs, phaseMs }: UpstreamOptions): Upstream {
  let cell = Number.NEGATIVE_INFINITY;
  let previous = 0;
  let current = 0;
  const used = (nowMs: number): number => {
    const position = (nowMs - phaseMs) / intervalMs;
    const now = Math.floor(position);
    if (now !== cell) {
      previous = now === cell + 1 ? current : 0;
      current = 0;
      cell = now;
    }
    return previous * (1 - (position - now)) + current;
  };
  return {
    accept(nowMs) {
      if (used(nowMs) + 1 > limit) return false;
      current++;
      return true;
    },
    remaining: (nowMs) => Math.max(0, Math.floor(limit - used(nowMs))),
  };
}

/** Tokens drip at the average rate into a bucket of the whole limit. */
export function tokenBucket({ limit, intervalMs }: UpstreamOptions): Upstream {
  let tokens = limit;
  let atMs = 0;
  const refill = (nowMs: number): void => {
    tokens = Math.min(limit, tokens + ((nowMs - atMs) * limit) / intervalMs);
    atMs = nowMs;
  };
  return {
    accept(nowMs) {
      refill(nowMs);
      // a hair of tolerance, or sums of fractions refuse what is due
      if (tokens < 1 - 1e-6) return false;
      tokens--;
      return true;
    },
    remaining(nowMs) {
      refill(nowMs);
      return Math.max(0, Math.floor(tokens + 1e-6));
    },
  };
}

export const upstreams: Readonly<Record<string, (options: UpstreamOptions) => Upstream>> = {
  fixed: fixedWindow,
  "fixed from first": fixedFromFirst,
  "sliding log": slidingLog,
  "two-cell": twoCell,
  "token bucket": tokenBucket,
};
