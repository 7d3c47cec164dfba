/** How a receiver is doing. Closed while `openUntilMs` is null or past; then the next delivery is a probe. */
export interface Breaker {
  /** Failures in a row that were the receiver's. */
  readonly failures: number;
  readonly openUntilMs: number | null;
  /** How often it has opened since the last success. */
  readonly openings: number;
  /** Since when nothing has succeeded. */
  readonly failingSinceMs: number | null;
}

export const CLOSED: Breaker = { failures: 0, openUntilMs: null, openings: 0, failingSinceMs: null };

/** One event that a receiver cannot digest must not stop the others; five in a row are the receiver. */
const OPENS_AFTER = 5;
const FIRST_OPEN_MS = 10_000;
/** So that a receiver that is back gets its events within minutes. */
const LONGEST_OPEN_MS = 300_000;
/** A receiver may ask for a pause of everything, within reason. */
const LONGEST_BUSY_MS = 3_600_000;
/** As Standard Webhooks recommends for endpoints that fail and fail: some days, so that a weekend is survived. */
export const DISABLED_AFTER_MS = 5 * 86_400_000;

/**
 * What an attempt says of the receiver: `refused` is about this one event (4xx), `busy` asks for a pause. `unrecorded` says nothing of the
 * receiver: what became of the attempt could not be written down, and sending it again would be a repetition without end.
 */
export type BreakerEvent =
  | { readonly type: "succeeded" }
  | { readonly type: "failed" }
  | { readonly type: "refused" }
  | { readonly type: "unrecorded" }
  | { readonly type: "busy"; readonly retryAfterMs: number };

export function stepBreaker(breaker: Breaker, event: BreakerEvent, nowMs: number): Breaker {
  const failingSinceMs = breaker.failingSinceMs ?? nowMs;
  switch (event.type) {
    case "succeeded":
      return CLOSED;
    case "refused":
      return { ...breaker, failingSinceMs };
    case "busy": {
      const untilMs = nowMs + Math.min(LONGEST_BUSY_MS, event.retryAfterMs);
      return { ...breaker, failingSinceMs, openUntilMs: Math.max(untilMs, breaker.openUntilMs ?? 0) };
    }
    case "failed": {
      const failures = breaker.failures + 1;
      // Flights that were under way when it opened say nothing new.
      const isOpen = breaker.openUntilMs !== null && nowMs < breaker.openUntilMs;
      if (failures < OPENS_AFTER || isOpen) return { ...breaker, failures, failingSinceMs };
      return { ...open(breaker, nowMs), failures, failingSinceMs };
    }
    case "unrecorded":
      return { ...open(breaker, nowMs), failures: Math.max(breaker.failures, OPENS_AFTER) };
  }
}

/** Longer each time, until a success. */
function open(breaker: Breaker, nowMs: number): Breaker {
  const openMs = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** breaker.openings);
  return { ...breaker, openUntilMs: nowMs + openMs, openings: breaker.openings + 1 };
}

/** How many deliveries may be under way: none while it is open, one as a probe after it, else `most`. */
export function allowedInFlight({ failures, openUntilMs }: Breaker, most: number, nowMs: number): number {
  if (openUntilMs !== null && nowMs < openUntilMs) return 0;
  return failures >= OPENS_AFTER ? 1 : most;
}

export function isHopeless({ failingSinceMs }: Breaker, nowMs: number): boolean {
  return failingSinceMs !== null && nowMs - failingSinceMs >= DISABLED_AFTER_MS;
}
