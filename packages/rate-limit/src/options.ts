import type { Resource } from "@ghl-edge/core";
import { demandNumber, refuseOption, resolveLimits, UNBOUNDED } from "./check-config.ts";
import { DEFAULT_IDLE_MS, DEFAULT_MAX_QUEUE, DEFAULT_RESERVES, LOST_PERMIT_PAD_MS } from "./constants.ts";
import type { SlotLimiterConfig } from "./machine/state.ts";
import { type SetTimer, setTimeoutTimer } from "./permit-host.ts";
import type { PresetName, RateLimits } from "./presets.ts";
import { PRIORITIES, type Priority } from "./priority.ts";

/** Identifies a budget. HighLevel counts per app and resource. */
export interface BudgetKey {
  /** Name of the app. */
  readonly app: string;
  /** `undefined`: all calls without a resource share one budget. */
  readonly resource: Resource | undefined;
}

/** Options of `createRateLimiter`. */
export interface RateLimiterOptions {
  /** Limits of all resources, or a function that returns those of one. Default: `"standard"`. */
  readonly limits?: PresetName | RateLimits | ((key: BudgetKey) => PresetName | RateLimits) | undefined;
  /** Share (0 to 1) of the daily limit that a class leaves to more urgent calls. Default: normal 0.05, bulk 0.2. */
  readonly reserves?: Partial<Record<Priority, number>> | undefined;
  /**
   * Longest wait in ms of a call that sets none. Default: as long as the burst limit takes. No call waits for another day.
   */
  readonly maxWaitMs?: number | undefined;
  /** Number of calls that may wait per resource. One more is refused. With 0 a call starts at once or is refused. Default: 10,000. */
  readonly maxQueue?: number | undefined;
  /** Time in ms after which an unused budget is forgotten. Default: 15 minutes. */
  readonly idleMs?: number | undefined;
  /** Current time in ms since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Default: `setTimeout`. */
  readonly setTimer?: SetTimer | undefined;
}

/** Checked options with their defaults. */
export interface ResolvedOptions {
  readonly configOf: (key: BudgetKey) => SlotLimiterConfig;
  readonly maxWaitMs: number | null;
  readonly idleMs: number;
  readonly now: () => number;
  readonly setTimer: SetTimer;
}

/** Checks the options. @throws {RateLimitConfigurationError} when one is invalid */
export function resolveOptions(options: RateLimiterOptions): ResolvedOptions {
  const { limits = "standard", maxWaitMs, maxQueue = DEFAULT_MAX_QUEUE, idleMs = DEFAULT_IDLE_MS } = options;
  const reserves = { ...DEFAULT_RESERVES };
  for (const priority of PRIORITIES) {
    const share = options.reserves?.[priority] ?? reserves[priority];
    demandNumber(`reserves.${priority}`, share, { min: 0, max: 1 });
    reserves[priority] = share;
  }
  demandNumber("maxQueue", maxQueue, { min: 0, integer: true, max: UNBOUNDED });
  demandNumber("idleMs", idleMs, { min: 0, exclusiveMin: true, max: UNBOUNDED });
  if (maxWaitMs !== undefined) demandNumber("maxWaitMs", maxWaitMs, { min: 0, max: UNBOUNDED });
  for (const name of ["now", "setTimer"] as const) {
    if (options[name] !== undefined && typeof options[name] !== "function")
      refuseOption(name, "a function", options[name]);
  }
  const configFor = (of: PresetName | RateLimits): SlotLimiterConfig => {
    const { burst, daily } = resolveLimits(of);
    return { burst, daily, reserves, unsettledPadMs: LOST_PERMIT_PAD_MS, maxQueue };
  };
  const common = typeof limits === "function" ? undefined : configFor(limits);
  return {
    configOf: (key) => common ?? configFor((limits as (key: BudgetKey) => PresetName | RateLimits)(key)),
    maxWaitMs: maxWaitMs === undefined || maxWaitMs === Number.POSITIVE_INFINITY ? null : maxWaitMs,
    idleMs,
    now: options.now ?? Date.now,
    setTimer: options.setTimer ?? setTimeoutTimer,
  };
}
