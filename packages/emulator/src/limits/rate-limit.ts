import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import { refuse } from "../core/options/demand.ts";
import { WINDOW_MODELS, type WindowModel } from "./windows.ts";

/** A budget, per app and location or company. Times in milliseconds. */
export interface EmulatedRateLimit {
  /** Requests in one interval. */
  readonly max: number;
  readonly intervalMs: number;
  /** Requests in one day. */
  readonly daily: number;
  /** Default `fixed`. */
  readonly window?: WindowModel;
  /** Where the windows of `fixed` and `two-cell` begin, after a multiple of the interval. Default 0. */
  readonly phaseMs?: number;
  /** When the day begins, after midnight UTC. Default 0. */
  readonly dayStartMs?: number;
  /** Part of `max` that another user of the same app spends all the time, evenly. Default 0. */
  readonly externalShare?: number;
  /** Whether `X-RateLimit-*` are sent. Default true. */
  readonly headers?: boolean;
  /** Whether a 429 carries `Retry-After`: HighLevel documents none. Default false. */
  readonly retryAfter?: boolean;
}

/** A budget by name: HighLevel's published ones, for ordinary and for sandbox accounts. */
export type RateLimitName = "standard" | "sandbox";

/** HighLevel's published rate limits, by name. */
export const RATE_LIMITS: Readonly<Record<RateLimitName, EmulatedRateLimit>> = {
  // docs/oauth/Authorization.md of HighLevel's API documents, 2026-06
  standard: { max: 100, intervalMs: 10_000, daily: 200_000 },
  // HighLevel's portal page on sandbox accounts, 2026
  sandbox: { max: 25, intervalMs: 10_000, daily: 10_000 },
};

const NUMBERS = { max: 1, intervalMs: 1, daily: 1, phaseMs: 0, dayStartMs: 0, externalShare: 0 } as const;

const FIELDS = [...Object.keys(NUMBERS), "window", "headers", "retryAfter"];

/** Checks what may have come over the wire. @throws EmulatorConfigurationError naming the field. */
export function readRateLimit(value: unknown): EmulatedRateLimit {
  if (typeof value === "string") {
    if (!Object.hasOwn(RATE_LIMITS, value)) refuse("rateLimit", `one of ${Object.keys(RATE_LIMITS).join(", ")}`, value);
    return RATE_LIMITS[value as RateLimitName];
  }
  if (typeof value !== "object" || value === null) throw new EmulatorConfigurationError("rateLimit must be an object");
  for (const name of Object.keys(value))
    if (!FIELDS.includes(name))
      throw new EmulatorConfigurationError(`unknown field "rateLimit.${name}"; known are ${FIELDS.join(", ")}`);
  const limit = { ...RATE_LIMITS.standard, ...value } as EmulatedRateLimit;
  for (const [name, least] of Object.entries(NUMBERS)) {
    const given = limit[name as keyof typeof NUMBERS];
    if (given !== undefined && (typeof given !== "number" || !(given >= least)))
      throw new EmulatorConfigurationError(`rateLimit.${name} must be a number, at least ${least}`);
  }
  for (const name of ["headers", "retryAfter"] as const)
    if (limit[name] !== undefined && typeof limit[name] !== "boolean")
      throw new EmulatorConfigurationError(`rateLimit.${name} must be true or false`);
  if ((limit.externalShare ?? 0) > 1) throw new EmulatorConfigurationError("rateLimit.externalShare is at most 1");
  if (limit.window !== undefined && !Object.hasOwn(WINDOW_MODELS, limit.window))
    refuse("rateLimit.window", `one of ${Object.keys(WINDOW_MODELS).join(", ")}`, limit.window);
  return limit;
}
