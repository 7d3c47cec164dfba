import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import { demandNumber } from "../core/options/demand.ts";

/** When a delivery is repeated. Times in milliseconds. */
export interface RetryPolicy {
  /** `429`: after that status alone. `failure`: after anything but 2xx, and when there is no answer. */
  readonly after: "429" | "failure";
  readonly retries: number;
  readonly firstDelayMs: number;
  /** Each delay is so many times the one before. */
  readonly factor: number;
  readonly maxDelayMs: number;
  /** At most so much of the delay is added to it. */
  readonly jitter: number;
}

/** Name of one of HighLevel's retry policies. */
export type RetryPolicyName = "429-only" | "any-failure";

/** HighLevel's retry policies, by name. */
export const RETRY_POLICIES: Readonly<Record<RetryPolicyName, RetryPolicy>> = {
  // HighLevel's webhook page until 2026-03: six times, ten minutes and jitter apart
  "429-only": { after: "429", retries: 6, firstDelayMs: 600_000, factor: 1, maxDelayMs: 600_000, jitter: 0.1 },
  // Its page of 2026-08: up to twelve, exponential with jitter. First delay and ceiling are not published.
  "any-failure": {
    after: "failure",
    retries: 12,
    firstDelayMs: 10_000,
    factor: 2,
    maxDelayMs: 14_400_000,
    jitter: 0.1,
  },
};

/** Whether an answer (0: none) is followed by another attempt. */
export function isRetried(policy: RetryPolicy, status: number, attempt: number): boolean {
  if (attempt > policy.retries) return false;
  return policy.after === "429" ? status === 429 : status < 200 || status > 299;
}

/** Before the attempt after this one; attempts count from 1. `random` lies in [0, 1). */
export function delayAfter(policy: RetryPolicy, attempt: number, random: number): number {
  const delay = Math.min(policy.firstDelayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
  return delay * (1 + policy.jitter * random);
}

/** A policy without end would never let `deliver` resolve. */
function checkedPolicy(policy: RetryPolicy): RetryPolicy {
  if (policy?.after !== "429" && policy?.after !== "failure")
    throw new EmulatorConfigurationError("retry.after must be 429 or failure");
  demandNumber("retry.retries", policy.retries, { min: 0, max: 1000, integer: true });
  for (const name of ["firstDelayMs", "factor", "maxDelayMs", "jitter"] as const)
    demandNumber(`retry.${name}`, policy[name], { min: 0 });
  return policy;
}

/** @throws EmulatorConfigurationError for a policy that means nothing. */
export function policyOf(retry: RetryPolicyName | RetryPolicy | undefined): RetryPolicy | undefined {
  if (typeof retry === "object") return checkedPolicy(retry);
  if (retry === undefined) return undefined;
  if (!Object.hasOwn(RETRY_POLICIES, retry))
    throw new EmulatorConfigurationError(
      `retry must be one of ${Object.keys(RETRY_POLICIES).join(", ")}, got ${JSON.stringify(retry)}`,
    );
  return RETRY_POLICIES[retry];
}
