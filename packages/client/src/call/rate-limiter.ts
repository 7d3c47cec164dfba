import type { Resource } from "@ghl-edge/core";
import type { Priority } from "../call-options.ts";

/** Request of the client to a `RateLimiter`, once per attempt. */
export interface PermitRequest {
  /** Location or company whose budget is used. It is absent if neither the call nor the handle names one. */
  readonly resource: Resource | undefined;
  /** Urgency of the call. */
  readonly priority: Priority | undefined;
  /** Whether an earlier attempt of this call was sent and is now repeated: it comes before first attempts. */
  readonly retry: boolean;
  /** Rest of the call's deadline, in milliseconds. Refuse at once a permit that would come later. */
  readonly maxWaitMs: number | undefined;
  /** Aborted when the call is, or when its deadline passes. */
  readonly signal: AbortSignal | undefined;
}

/** Status and headers of the answer to an attempt. */
export interface PermitOutcome {
  readonly status: number;
  readonly headers: Headers;
}

/** Permission to send one request. */
export interface Permit {
  /**
   * Returns the permit. The client calls it exactly once: with the head of the answer, or without arguments if none came.
   *
   * @param outcome - Status and headers of the answer
   */
  release(outcome?: PermitOutcome): void;
}

/** Decides when a request may be sent. */
export interface RateLimiter {
  /**
   * Waits until a request may be sent. If it rejects, the call rejects with the same reason.
   *
   * @param request - The location or company, the urgency, and the longest wait
   * @returns The permit
   */
  acquire(request: PermitRequest): Promise<Permit> | Permit;
}
