import { demandNumber, refuseOption, resolveLimits, UNBOUNDED } from "./check-config.ts";
import { DEFAULT_IDLE_MS, DEFAULT_MAX_QUEUE, DEFAULT_RESERVES, LOST_PERMIT_PAD_MS } from "./constants.ts";
import type { SlotLimiterConfig } from "./machine/state.ts";
import type { PresetName, RateLimits } from "./presets.ts";
import { PRIORITIES, type Priority } from "./priority.ts";

/** Whose budget: HighLevel counts per app and resource. */
export interface BudgetKey {
  readonly app: string;
  /** Absent: all calls that name no resource share one budget. */
  readonly resource: { readonly kind: "location" | "company"; readonly id: string } | undefined;
}

/** Options of `createRateLimiter`. */
export interface RateLimiterOptions {
  /** The limits of all resources, or of each. Default: `"standard"`. */
  readonly limits?: PresetName | RateLimits | ((key: BudgetKey) => PresetName | RateLimits) | undefined;
  /** Share (0 to 1) of the day's budget left to more urgent calls. Default: normal 0.05, bulk 0.2. */
  readonly reserves?: Partial<Record<Priority, number>> | undefined;
  /**
   * Longest wait of a call that does not name its own, in ms. Default: as long as the burst limit takes. A day that is used up is
   * never waited for.
   */
  readonly maxWaitMs?: number | undefined;
  /** Most calls that wait per resource; one more is refused. 0: a call starts at once or is refused. Default: 10,000. */
  readonly maxQueue?: number | undefined;
  /** A budget unused for so long is forgotten. Default: 15 minutes. */
  readonly idleMs?: number | undefined;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Runs `run` after `delayMs`; the result cancels it. Default: `setTimeout`. */
  readonly setTimer?: ((run: () => void, delayMs: number) => () => void) | undefined;
}

/** Options with their defaults, checked. */
export interface ResolvedOptions {
  readonly configOf: (key: BudgetKey) => SlotLimiterConfig;
  readonly maxWaitMs: number | null;
  readonly idleMs: number;
  readonly now: () => number;
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
}

const setTimeoutTimer = (run: () => void, delayMs: number): (() => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** @throws RateLimitConfigurationError */
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
    return { burst, daily, reserves, unsettledPadMs: LOST_PERMIT_PAD_MS, lookaheadMs: 0, maxQueue };
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
