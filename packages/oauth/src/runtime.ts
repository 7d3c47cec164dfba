import { createSendRequest, type SendRequest } from "@ghl-edge/core";
import { checkFunction } from "./oauth/app.ts";

/** What this package takes from the world around it; each has a default, and a test can give its own. */
export interface RuntimeOptions {
  /** Default: the platform's. It gets each request as one `Request`, so that a service binding's or an emulator's `fetch` fits. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Unix time in milliseconds. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
  /** In [0, 1). Default: `Math.random`; it spreads load and secures nothing. */
  readonly random?: (() => number) | undefined;
  /** Resolves after `ms`; rejects with the signal's reason. Default: a timer. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

export type Runtime = { readonly [K in Exclude<keyof RuntimeOptions, "fetch">]-?: NonNullable<RuntimeOptions[K]> } & {
  readonly fetch: SendRequest;
};

function sleepByTimer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
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
}

/** @throws {ConfigurationError} */
export function resolveRuntime(options: RuntimeOptions): Runtime {
  for (const name of ["fetch", "now", "random", "sleep"] as const) checkFunction(name, options[name]);
  return {
    fetch: createSendRequest(options.fetch),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleepByTimer,
  };
}
