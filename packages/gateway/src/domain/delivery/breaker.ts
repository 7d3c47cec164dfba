/**
 * The circuit breaker of one endpoint. It is closed while `openUntilMs` is null or past; after it was open, the next delivery is a probe.
 * This is our own state machine, because its state is stored and distinguishes refusals, requested pauses and lost results.
 */
export interface Breaker {
  /** Consecutive failures that the endpoint caused. */
  readonly failures: number;
  readonly openUntilMs: number | null;
  /** Number of openings since the last success. */
  readonly openings: number;
  /** Start of the time without any success; null after a success. */
  readonly failingSinceMs: number | null;
}

export const CLOSED: Breaker = { failures: 0, openUntilMs: null, openings: 0, failingSinceMs: null };

/** Whether nothing has failed since the last success. */
export const isClosed = ({ failures, openUntilMs, openings, failingSinceMs }: Breaker): boolean =>
  failures === 0 && openUntilMs === null && openings === 0 && failingSinceMs === null;

/** Whether the last attempt of the endpoint did not fail because of the endpoint, and no pause is under way. */
export const isHealthy = ({ failures, openUntilMs }: Breaker, nowMs: number): boolean =>
  failures === 0 && (openUntilMs === null || nowMs >= openUntilMs);

/** A single event that an endpoint cannot handle must not stop the others. Five failures in a row are the endpoint's. */
const OPENS_AFTER = 5;
const FIRST_OPEN_MS = 10_000;
/** This limit lets an endpoint that is back receive its events within minutes. */
const LONGEST_OPEN_MS = 300_000;
/** Limits the pause of all deliveries that an endpoint may request. */
const LONGEST_BUSY_MS = 3_600_000;
/** Standard Webhooks recommends to disable endpoints that keep failing. Five days outlast a weekend. */
export const DISABLED_AFTER_MS = 5 * 86_400_000;

/**
 * The result of an attempt for the endpoint as a whole. `refused` is about this one event (4xx), and `busy` requests a pause. `unrecorded`
 * does not concern the endpoint: the result could not be written, and the breaker opens because the delivery would be sent again and again.
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
      // Deliveries that were in flight when the breaker opened carry no new information.
      const isOpen = breaker.openUntilMs !== null && nowMs < breaker.openUntilMs;
      if (failures < OPENS_AFTER || isOpen) return { ...breaker, failures, failingSinceMs };
      return { ...open(breaker, nowMs), failures, failingSinceMs };
    }
    case "unrecorded":
      return { ...open(breaker, nowMs), failures: Math.max(breaker.failures, OPENS_AFTER) };
  }
}

/** Opens the breaker, longer each time, until a success. */
function open(breaker: Breaker, nowMs: number): Breaker {
  const openMs = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** breaker.openings);
  return { ...breaker, openUntilMs: nowMs + openMs, openings: breaker.openings + 1 };
}

/** Returns how many deliveries may be in flight: none while the breaker is open, then one as a probe, otherwise `max`. */
export function allowedInFlight({ failures, openUntilMs }: Breaker, max: number, nowMs: number): number {
  if (openUntilMs !== null && nowMs < openUntilMs) return 0;
  return failures >= OPENS_AFTER ? 1 : max;
}

export function isHopeless({ failingSinceMs }: Breaker, nowMs: number): boolean {
  return failingSinceMs !== null && nowMs - failingSinceMs >= DISABLED_AFTER_MS;
}
