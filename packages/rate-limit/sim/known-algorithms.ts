/** Known algorithms as they are usually built: they count when a call leaves, and do not look at answers. */
import type { CreateContender, Host } from "./contender.ts";

/** Time at which the next call may start, asked at `nowMs`; the algorithm takes note of a start by `start`. */
interface Pacer {
  nextStartMs(nowMs: number): number;
  start(nowMs: number): void;
}

/** First come, first served around a pacer. */
const queued =
  (createPacer: (host: Host) => Pacer): CreateContender =>
  (host) => {
    const pacer = createPacer(host);
    const waiting: number[] = [];
    let isWaking = false;
    function serve(): void {
      while (waiting.length > 0) {
        const startMs = pacer.nextStartMs(host.world.nowMs);
        if (startMs > host.world.nowMs) {
          if (!isWaking)
            host.world.at(startMs, () => {
              isWaking = false;
              serve();
            });
          isWaking = true;
          return;
        }
        pacer.start(host.world.nowMs);
        host.send(waiting.shift()!);
      }
    }
    return {
      request(call) {
        waiting.push(call);
        serve();
      },
      answered() {},
    };
  };

const fixedWindow = queued(({ limit, intervalMs }) => {
  let startMs = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    nextStartMs: (nowMs) => (nowMs >= startMs + intervalMs || used < limit ? nowMs : startMs + intervalMs),
    start(nowMs) {
      if (nowMs >= startMs + intervalMs) [startMs, used] = [nowMs, 0];
      used++;
    },
  };
});

const slidingLog = queued(({ limit, intervalMs }) => {
  const log: number[] = [];
  return {
    nextStartMs: (nowMs) => Math.max(nowMs, log.length < limit ? nowMs : log[0]! + intervalMs),
    start(nowMs) {
      log.push(nowMs);
      if (log.length > limit) log.shift();
    },
  };
});

/** Leaky bucket as a meter: `burst` calls at once, then one per `intervalMs / limit`. */
const gcra = (burstShare: number): CreateContender =>
  queued(({ limit, intervalMs }) => {
    const gapMs = intervalMs / limit;
    const toleranceMs = (Math.round(limit * burstShare) - 1) * gapMs;
    let dueMs = 0;
    return {
      nextStartMs: (nowMs) => Math.max(nowMs, dueMs - toleranceMs),
      start(nowMs) {
        dueMs = Math.max(nowMs, dueMs) + gapMs;
      },
    };
  });

const tokenBucket = queued(({ limit, intervalMs }) => {
  let tokens = limit;
  let atMs = 0;
  const at = (nowMs: number): number => Math.min(limit, tokens + ((nowMs - atMs) * limit) / intervalMs);
  return {
    nextStartMs: (nowMs) => (at(nowMs) >= 1 ? nowMs : nowMs + ((1 - at(nowMs)) * intervalMs) / limit + 1e-6),
    start(nowMs) {
      tokens = at(nowMs) - 1;
      atMs = nowMs;
    },
  };
});

export const knownAlgorithms: Readonly<Record<string, CreateContender>> = {
  "fixed window": fixedWindow,
  "sliding log at start": slidingLog,
  "GCRA, burst 10 %": gcra(0.1),
  "token bucket": tokenBucket,
};
