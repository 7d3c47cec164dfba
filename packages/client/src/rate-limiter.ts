import type { Priority } from "./call-options.ts";
import type { Resource } from "./resource.ts";

/** What the client asks a `RateLimiter` for, once per attempt. */
export interface PermitRequest {
  /** Whose budget; absent when neither the call nor the handle names a tenant. */
  readonly resource: Resource | undefined;
  readonly priority: Priority | undefined;
  /** Whether an earlier attempt of this call was sent and is now repeated: it keeps its place before first attempts. */
  readonly retry: boolean;
  /** What is left of the call's deadline. A permit that would come later is better refused at once. */
  readonly maxWaitMs: number | undefined;
  /** Aborted when the call is, or when its deadline passes. */
  readonly signal: AbortSignal | undefined;
}

/** How an attempt ended. */
export interface PermitOutcome {
  readonly status: number;
  readonly headers: Headers;
}

/** Leave to send one request. */
export interface Permit {
  /** Called exactly once: when the head of the answer is there, or without outcome when none came. */
  release(outcome?: PermitOutcome): void;
}

/** Decides when a request may be sent. */
export interface RateLimiter {
  /** Waits until a request may be sent. What this rejects with is what the call rejects with. */
  acquire(request: PermitRequest): Promise<Permit> | Permit;
}
