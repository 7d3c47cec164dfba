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

export type RetryPolicyName = "429-only" | "any-failure";

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
