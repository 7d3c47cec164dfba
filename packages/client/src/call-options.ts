import type { Resource } from "./resource.ts";
import type { RetryOptions } from "./retry.ts";

/** How urgent a call is to a rate limiter that keeps a reserve for the more urgent ones. */
export type Priority = "interactive" | "normal" | "bulk";

/** Second argument of every method. What is left out comes from `createClient`. */
export interface CallOptions {
  /** Ends the call at once, in whatever phase it is; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time for one attempt, from sending to the last byte of the answer. */
  readonly timeoutMs?: number | undefined;
  /** Longest time for the whole call: token, permit, all attempts and the waits between them. Default: no limit. */
  readonly deadlineMs?: number | undefined;
  /** `false`: one attempt only. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * Says that repeating the call does no harm, so that it is retried like a GET. Default: true for every method but
   * POST and PATCH. Useful for the searches that are POSTs.
   */
  readonly idempotent?: boolean | undefined;
  /** Headers to add. One of these wins over the client's own, `version` and `authorization` included. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whose token to use and whose budget to spend, where it is not the tenant of the parameters or of the handle. */
  readonly resource?: Resource | undefined;
  /** Handed to the rate limiter. */
  readonly priority?: Priority | undefined;
}
