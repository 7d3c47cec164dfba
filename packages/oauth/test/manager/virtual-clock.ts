/** A clock that runs only when nothing else does. */

export const T0 = 1_800_000_000_000;

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** Time stands still until nothing has happened for this many turns. */
const QUIET_TURNS = 6;

/** Hashing is the one thing here that runs on other threads: counted, so that time waits for it however long it takes. */
const hashing = { running: 0 };
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = async (...values) => {
  hashing.running++;
  try {
    return await digest(...values);
  } finally {
    hashing.running--;
  }
};

export class VirtualClock {
  nowMs = T0;
  /** Grows with everything that happens. */
  activity = 0;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.nowMs;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer: Timer = { atMs: this.nowMs + ms, fire: resolve };
      this.#timers.add(timer);
      this.activity++;
      signal?.addEventListener("abort", () => {
        this.#timers.delete(timer);
        this.activity++;
        reject(signal.reason);
      });
    });

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    work.then(
      () => {
        done = true;
      },
      () => {
        done = true;
      },
    );
    for (let quiet = 0, seen = this.activity; !done; ) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      quiet = seen === this.activity && hashing.running === 0 ? quiet + 1 : 0;
      seen = this.activity;
      if (quiet < QUIET_TURNS || done) continue;
      quiet = 0;
      const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
      if (!next) continue;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.fire();
    }
    return work;
  }
}
