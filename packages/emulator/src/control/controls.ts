import type { Resource } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import { demandNumber } from "../core/options/demand.ts";
import type { ActiveFault, FaultRule } from "../faults/fault.ts";
import { readRule } from "../faults/read-rule.ts";
import { budgetOf } from "../limits/count-request.ts";
import { type EmulatedRateLimit, type RateLimitName, readRateLimit } from "../limits/rate-limit.ts";

/** Faults, switchable while the emulator runs. */
export interface FaultControls {
  /** Puts a fault in force and answers its id. @throws EmulatorConfigurationError for a rule that means nothing. */
  add(rule: FaultRule): string;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ActiveFault[];
  /** Releases the answers that are held; answers how many. */
  release(): number;
}

/** HighLevel's clock, which need not be its clients'. Milliseconds. */
export interface ClockControls {
  now(): number;
  /** Lets time pass: tokens expire, windows and days end. @throws EmulatorConfigurationError unless it is a number. */
  advance(ms: number): void;
  /**
   * Sets how far the clock is ahead of the option `now` (behind: negative).
   * @throws EmulatorConfigurationError unless it is a number.
   */
  setSkew(ms: number): void;
}

/** The rate limit, switchable while the emulator runs. */
export interface LimitControls {
  current(): EmulatedRateLimit;
  /** Begins all budgets again. @throws EmulatorConfigurationError for a limit that means nothing. */
  set(limit: EmulatedRateLimit | RateLimitName): void;
  /** Requests of another user of the same app, at once; answers how many were let in. */
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
