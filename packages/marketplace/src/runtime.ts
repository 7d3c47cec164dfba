/** What this package takes from the world around it; each has a default, and a test can give its own. */
export interface RuntimeOptions {
  /** Default: the platform's. */
  readonly fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Unix time in milliseconds. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
  /** In [0, 1). Default: `Math.random`; it spreads load and secures nothing. */
  readonly random?: (() => number) | undefined;
  /** Resolves after `ms`; rejects with the signal's reason. Default: a timer. */
  readonly sleep?: Sleep | undefined;
}

export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export type Runtime = { readonly [K in keyof RuntimeOptions]-?: NonNullable<RuntimeOptions[K]> };

export const sleepByTimer: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });

export function resolveRuntime(options: RuntimeOptions): Runtime {
  return {
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleepByTimer,
  };
}
