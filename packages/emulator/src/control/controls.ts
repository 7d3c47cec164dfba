import type { Resource } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import { demandNumber } from "../core/options/demand.ts";
import type { ActiveFault, FaultRule } from "../faults/fault.ts";
import { readRule } from "../faults/read-rule.ts";
import { budgetOf } from "../limits/count-request.ts";
import { type EmulatedRateLimit, type RateLimitName, readRateLimit } from "../limits/rate-limit.ts";

/** Faults, switchable while the emulator runs. */
export interface FaultControls {
  /**
   * Adds a fault, which is in force at once.
   *
   * @param rule - The fault, and the requests that it affects
   * @returns The id of the fault
   * @throws {EmulatorConfigurationError} when the rule is invalid
   */
  add(rule: FaultRule): string;
  /**
   * Removes one fault.
   *
   * @param id - The id that `add` returned
   * @returns Whether the fault was in force
   */
  remove(id: string): boolean;
  /** Removes all faults. Held answers stay held until `release`. */
  clear(): void;
  /**
   * Lists the faults in force, with the numbers of requests that matched.
   *
   * @returns The faults
   */
  list(): readonly ActiveFault[];
  /**
   * Releases the answers that are held.
   *
   * @returns The number of released answers
   */
  release(): number;
}

/** HighLevel's clock, which need not be its clients'. Milliseconds. */
export interface ClockControls {
  /**
   * Reads the clock.
   *
   * @returns Unix time in milliseconds
   */
  now(): number;
  /**
   * Moves the clock: tokens expire, windows and days end.
   *
   * @param ms - Milliseconds to add to the clock
   * @throws {EmulatorConfigurationError} when `ms` is not a number
   */
  advance(ms: number): void;
  /**
   * Sets how far the clock is ahead of the option `now`.
   *
   * @param ms - Milliseconds, negative when it is behind
   * @throws {EmulatorConfigurationError} when `ms` is not a number
   */
  setSkew(ms: number): void;
}

/** The rate limit, switchable while the emulator runs. */
export interface LimitControls {
  /**
   * Reads the limit in force.
   *
   * @returns The limit
   */
  current(): EmulatedRateLimit;
  /**
   * Replaces the limit, and begins all budgets again.
   *
   * @param limit - The limit, or the name of one
   * @throws {EmulatorConfigurationError} when the limit is invalid
   */
  set(limit: EmulatedRateLimit | RateLimitName): void;
  /**
   * Counts requests of another user of the same app, all at once.
   *
   * @param resource - The location or company whose budget they use
   * @param requests - Number of requests, from 0 to 1,000,000
   * @param clientId - The app. Default: the first one
   * @returns The number of requests that the limit let in
   * @throws {EmulatorConfigurationError} when `requests` is not such a number
   */
  spend(resource: Resource, requests: number, clientId?: string): number;
}

/** Five days' budgets of an ordinary account. */
const MAX_SPENT_AT_ONCE = 1_000_000;

export interface Clock extends ClockControls {
  skewMs(): number;
}

export function createClock(base: () => number): Clock {
  let aheadMs = 0;
  return {
    now: () => base() + aheadMs,
    advance: (ms) => {
      demandNumber("ms", ms, {});
      aheadMs += ms;
    },
    setSkew: (ms) => {
      demandNumber("ms", ms, {});
      aheadMs = ms;
    },
    skewMs: () => aheadMs,
  };
}

export function createFaultControls({ state }: EmulatorContext): FaultControls {
  return {
    add: (rule) => state.faults.add(readRule(rule)),
    remove: (id) => state.faults.remove(id),
    clear: () => state.faults.clear(),
    list: () => state.faults.list(),
    release: () => {
      const held = [...state.held];
      for (const release of held) release();
      return held.length;
    },
  };
}

export function createLimitControls({ state, options }: EmulatorContext): LimitControls {
  return {
    current: () => state.rateLimit,
    set: (limit) => {
      state.rateLimit = readRateLimit(limit);
      state.budgets.clear();
    },
    spend: (resource, requests, clientId = options.apps[0]?.clientId) => {
      // to spend "all" would count up to the day's limit, or for ever where there is none
      demandNumber("requests", requests, { min: 0, max: MAX_SPENT_AT_ONCE, integer: true });
      return budgetOf(state, clientId, resource).spend(options.now(), requests);
    },
  };
}
