import { createSendRequest, type SendRequest } from "@ghl-edge/core";

/** Fetch, clock, randomness and timer. Each has a default, and a test can replace it. */
export interface RuntimeOptions {
  /** Sends a request. Default: the platform's `fetch`. It gets one `Request`, so the `fetch` of a service binding or an emulator works. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Returns the Unix time in milliseconds. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
  /** Returns a number in [0, 1) that spreads load and has no security purpose. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits. Default: a timer. */
  readonly sleep?: Sleep | undefined;
}

/** Resolves after `ms`, and rejects with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export type Runtime = { readonly [K in Exclude<keyof RuntimeOptions, "fetch">]-?: NonNullable<RuntimeOptions[K]> } & {
  readonly fetch: SendRequest;
};

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
    fetch: createSendRequest(options.fetch),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleepByTimer,
  };
}
