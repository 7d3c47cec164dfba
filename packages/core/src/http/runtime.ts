import { type Sleep, sleepByTimer } from "../time/sleep.ts";
import { createSendRequest, type FetchOption, type SendRequest } from "./fetch-option.ts";

/** Functions of the platform that a package calls. Each has a default, and a test can replace it. */
export interface RuntimeOptions {
  /** Sends a request. Default: the platform's `fetch`. It gets one `Request`, so the `fetch` of a service binding or an emulator works. */
  readonly fetch?: FetchOption | undefined;
  /** Returns the Unix time in milliseconds. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
  /** Returns a number in [0, 1) that spreads load and has no security purpose. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits. Default: a timer. */
  readonly sleep?: Sleep | undefined;
}

/** Time, timers and randomness, all given. */
export type Clock = { readonly [K in Exclude<keyof RuntimeOptions, "fetch">]-?: NonNullable<RuntimeOptions[K]> };

/** A clock, and the function that sends requests. */
export type Runtime = Clock & { readonly fetch: SendRequest };

/** Completes the options of a clock with their defaults. */
export function resolveClock({ now, random, sleep }: Omit<RuntimeOptions, "fetch">): Clock {
  return { now: now ?? (() => Date.now()), random: random ?? Math.random, sleep: sleep ?? sleepByTimer };
}

/** Completes the options with their defaults. */
export function resolveRuntime(options: RuntimeOptions): Runtime {
  return { ...resolveClock(options), fetch: createSendRequest(options.fetch) };
}
