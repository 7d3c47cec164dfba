/** Counts calls; a refused call is not counted. Times never go back. */
export interface RateWindow {
  /** Whether a call at this time is let in. */
  take(nowMs: number): boolean;
  /** Value of `X-RateLimit-Remaining`. */
  remaining(nowMs: number): number;
  /** When the next call will be let in, if nobody else calls. */
  nextMs(nowMs: number): number;
}

/**
 * Ways to count "100 requests in 10 s". HighLevel does not say which it uses, so a client should work with all.
 *
 * - `fixed`: windows on a clock of their own
 * - `fixed-from-first`: a window begins with the first call after the end of the one before
 * - `sliding-log`: exactly the calls of the last interval
 * - `two-cell`: the last window's count, weighted by how much of it is still in view
 * - `token-bucket`: permits drip at the average rate into a bucket of the whole limit
 */
export type WindowModel = "fixed" | "fixed-from-first" | "sliding-log" | "two-cell" | "token-bucket";

export interface WindowOptions {
  readonly max: number;
  readonly intervalMs: number;
  /** Where windows begin, for `fixed` and `two-cell`. */
  readonly phaseMs: number;
}

function fixed({ max, intervalMs, phaseMs }: WindowOptions): RateWindow {
  let window = -1;
  let used = 0;
  const enter = (nowMs: number): void => {
    const current = Math.floor((nowMs - phaseMs) / intervalMs);
    if (current !== window) [window, used] = [current, 0];
  };
  return {
    take: (nowMs) => {
      enter(nowMs);
      if (used >= max) return false;
      used += 1;
      return true;
    },
    remaining: (nowMs) => {
      enter(nowMs);
      return max - used;
    },
    nextMs: (nowMs) => {
      enter(nowMs);
      return used < max ? nowMs : (window + 1) * intervalMs + phaseMs;
    },
  };
}

function fixedFromFirst({ max, intervalMs }: WindowOptions): RateWindow {
  let endMs = Number.NEGATIVE_INFINITY;
  let used = 0;
  const left = (nowMs: number): number => (nowMs >= endMs ? max : max - used);
  return {
    take: (nowMs) => {
      if (nowMs >= endMs) [endMs, used] = [nowMs + intervalMs, 0];
      if (used >= max) return false;
      used += 1;
      return true;
    },
    remaining: left,
    nextMs: (nowMs) => (left(nowMs) > 0 ? nowMs : endMs),
  };
}

function slidingLog({ max, intervalMs }: WindowOptions): RateWindow {
  let log: number[] = [];
  const prune = (nowMs: number): void => {
    const first = log.findIndex((atMs) => atMs > nowMs - intervalMs);
    log = first === -1 ? [] : log.slice(first);
  };
  return {
    take: (nowMs) => {
      prune(nowMs);
      if (log.length >= max) return false;
      log.push(nowMs);
      return true;
    },
    remaining: (nowMs) => {
      prune(nowMs);
      return max - log.length;
    },
    nextMs: (nowMs) => {
      prune(nowMs);
      return log.length < max ? nowMs : (log[log.length - max] ?? nowMs) + intervalMs;
    },
  };
}

function twoCell({ max, intervalMs, phaseMs }: WindowOptions): RateWindow {
  let cell = Number.NEGATIVE_INFINITY;
  let previous = 0;
  let current = 0;
  const used = (nowMs: number): number => {
    const position = (nowMs - phaseMs) / intervalMs;
    const now = Math.floor(position);
    if (now !== cell) [previous, current, cell] = [now === cell + 1 ? current : 0, 0, now];
    return previous * (1 - (position - now)) + current;
  };
  return {
    take: (nowMs) => {
      if (used(nowMs) + 1 > max) return false;
      current += 1;
      return true;
    },
    remaining: (nowMs) => Math.max(0, Math.floor(max - used(nowMs))),
    nextMs: (nowMs) => {
      if (used(nowMs) + 1 <= max) return nowMs;
      const startMs = cell * intervalMs + phaseMs;
      // The old count fades in this cell. Where that is not enough, the present count fades in the next one.
      if (current + 1 <= max && previous > 0) return startMs + intervalMs * (1 - (max - 1 - current) / previous);
      return startMs + intervalMs * (2 - (max - 1) / Math.max(current, 1));
    },
  };
}

/** Sums of fractions miss whole numbers by a hair. */
const HAIR = 1e-6;

function tokenBucket({ max, intervalMs }: WindowOptions): RateWindow {
  let tokens = max;
  let atMs = 0;
  const refill = (nowMs: number): void => {
    tokens = Math.min(max, tokens + ((nowMs - atMs) * max) / intervalMs);
    atMs = nowMs;
  };
  return {
    take: (nowMs) => {
      refill(nowMs);
      if (tokens < 1 - HAIR) return false;
      tokens -= 1;
      return true;
    },
    remaining: (nowMs) => {
      refill(nowMs);
      return Math.max(0, Math.floor(tokens + HAIR));
    },
    nextMs: (nowMs) => {
      refill(nowMs);
      return tokens >= 1 - HAIR ? nowMs : nowMs + ((1 - tokens) * intervalMs) / max;
    },
  };
}

export const WINDOW_MODELS: Readonly<Record<WindowModel, (options: WindowOptions) => RateWindow>> = {
  fixed,
  "fixed-from-first": fixedFromFirst,
  "sliding-log": slidingLog,
  "two-cell": twoCell,
  "token-bucket": tokenBucket,
};
