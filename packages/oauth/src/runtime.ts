import { createSendRequest, type SendRequest } from "@ghl-edge/core";
import { checkFunction } from "./oauth/app.ts";

/** Functions of the platform that this package calls. Each has a default, and a test can replace it. */
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

/** Time, timers and randomness, all given. */
export type Clock = { readonly [K in Exclude<keyof RuntimeOptions, "fetch">]-?: NonNullable<RuntimeOptions[K]> };

/** A clock, and the `fetch` that sends requests. */
export type Runtime = Clock & { readonly fetch: SendRequest };

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
export function resolveClock({ now, random, sleep }: Omit<RuntimeOptions, "fetch">): Clock {
  for (const [name, value] of Object.entries({ now, random, sleep })) checkFunction(name, value);
  return { now: now ?? (() => Date.now()), random: random ?? Math.random, sleep: sleep ?? sleepByTimer };
}

/** @throws {ConfigurationError} */
export function resolveRuntime(options: RuntimeOptions): Runtime {
  checkFunction("fetch", options.fetch);
  return { ...resolveClock(options), fetch: createSendRequest(options.fetch) };
}
