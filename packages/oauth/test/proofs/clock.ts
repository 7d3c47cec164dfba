import type { Runtime } from "../../src/index.ts";

/** A clock that runs `speed` times as fast as the machine's, the same in every process that is given the same origin. */
export interface ScaledClock {
  readonly originMs: number;
  readonly speed: number;
}

export function scaledNow({ originMs, speed }: ScaledClock): () => number {
  return () => originMs + (Date.now() - originMs) * speed;
}

export function scaledRuntime(clock: ScaledClock): Pick<Runtime, "now" | "sleep"> {
  return {
    now: scaledNow(clock),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        }, ms / clock.speed);
        if (signal?.aborted) onAbort();
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
  };
}
