import type { Resource } from "@ghl-edge/core";
import type { RetryOptions } from "./call/retry.ts";

/** Urgency of a call, for a rate limiter that keeps a reserve for more urgent calls. */
export type Priority = "interactive" | "normal" | "bulk";

/** Second argument of every method. An option that is left out comes from `createClient`. */
export interface CallOptions {
  /** Ends the call at once, in any phase. The call then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Time limit in milliseconds for one attempt, from sending to the last byte of the answer. Default: 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Time limit in milliseconds for the whole call: token, permit, all attempts and the waits between them. Default: no limit. */
  readonly deadlineMs?: number | undefined;
  /** Retry policy. `false` allows one attempt only. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * States that repeating the call does no harm, so that it is retried like a GET. Default: `true` for every HTTP method
   * except POST and PATCH. Set it for searches that are POSTs.
   */
  readonly idempotent?: boolean | undefined;
  /** Headers to add. They override the client's own headers, `version` and `authorization` included. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Location or company whose token and budget the call uses. Default: the one in the parameters, else that of the handle. */
  readonly resource?: Resource | undefined;
  /** Urgency, which the rate limiter receives. */
  readonly priority?: Priority | undefined;
}
