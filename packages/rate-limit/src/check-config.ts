import { describeValue, type NumberDemand, numberProblem } from "@ghl-edge/core";
import { RateLimitConfigurationError } from "./errors.ts";
import type { SlotLimiterConfig } from "./machine/state.ts";
import { type PresetName, presets, type RateLimits } from "./presets.ts";
import { PRIORITIES } from "./priority.ts";

/** Upper bound of an option that may be `Infinity`. */
export const UNBOUNDED: number = Number.POSITIVE_INFINITY;

/** Checks a number. @throws {RateLimitConfigurationError} when it is not as demanded */
export function demandNumber(option: string, value: unknown, demand: NumberDemand): void {
  const problem = numberProblem(option, value, demand);
  if (problem !== undefined) throw new RateLimitConfigurationError(option, problem);
}

/** Refuses an option. @throws {RateLimitConfigurationError} always, with what was expected and what was given */
export function refuseOption(option: string, expected: string, value: unknown): never {
  throw new RateLimitConfigurationError(option, `${option} must be ${expected}, got ${describeValue(value)}`);
}

/** Resolves the name of a preset, and checks the numbers. @throws {RateLimitConfigurationError} when one is invalid */
export function resolveLimits(limits: PresetName | RateLimits): RateLimits {
  const resolved = typeof limits === "string" && Object.hasOwn(presets, limits) ? presets[limits] : limits;
  if (typeof resolved !== "object" || typeof resolved?.burst !== "object")
    refuseOption("limits", `one of ${Object.keys(presets).join(", ")}, or limits of your own`, limits);
  demandNumber("limits.burst.limit", resolved.burst?.limit, { min: 1, integer: true });
  demandNumber("limits.burst.intervalMs", resolved.burst.intervalMs, { min: 0, exclusiveMin: true });
  if (resolved.daily !== undefined)
    demandNumber("limits.daily.limit", resolved.daily?.limit, { min: 1, integer: true });
  return resolved;
}

/**
 * Checks the configuration of a host. An invalid number would turn off the very limit that it should set.
 *
 * @throws {RateLimitConfigurationError} when an option is invalid
 */
export function checkConfig(config: SlotLimiterConfig): void {
  resolveLimits(config);
  for (const priority of PRIORITIES)
    demandNumber(`reserves.${priority}`, config.reserves?.[priority], { min: 0, max: 1 });
  demandNumber("maxQueue", config.maxQueue, { min: 0, integer: true, max: UNBOUNDED });
  demandNumber("unsettledPadMs", config.unsettledPadMs, { min: 0 });
  for (const name of ["prefetchMs", "evictedAfterMs"] as const)
    if (config[name] !== undefined) demandNumber(name, config[name], { min: 0 });
}
