/** Fault of a request. All times are in milliseconds. A fault is plain data, so that it can be sent to a running emulator. */
export type Fault =
  /** Waits before the request is executed, or with `after` before its answer is sent. */
  | { readonly kind: "latency"; readonly ms: number; readonly jitterMs?: number; readonly after?: boolean }
  /** Executes the request, then breaks the connection: HighLevel has rotated, the caller does not know. */
  | { readonly kind: "lost" }
  /** Executes the request and keeps its answer until `faults.release()`, or for `ms`. */
  | { readonly kind: "hold"; readonly ms?: number }
  /** Answers with this status instead; with `executes` after the request was executed. */
  | { readonly kind: "status"; readonly status: number; readonly body?: string; readonly executes?: boolean }
  /** Breaks the connection without executing the request. */
  | { readonly kind: "reset" }
  /** Executes the request and answers with something that is not JSON, by default under its own status. */
  | { readonly kind: "garbage"; readonly body?: string; readonly status?: number }
  /** Sends this many bytes of the answer (default: half of it), then breaks the connection. */
  | { readonly kind: "cut"; readonly bytes?: number }
  /** Sends the answer in pieces of `chunkBytes` (default 16) with `pauseMs` between them (default 50). */
  | { readonly kind: "slow"; readonly chunkBytes?: number; readonly pauseMs?: number }
  /** Executes the request with a clock that is this far ahead (behind: negative): its `Date`, and what it issues. */
  | { readonly kind: "skew"; readonly ms: number };

export type FaultKind = Fault["kind"];

/** Conditions on a request. All must hold; an absent one always does. `*` stands for any characters. */
export interface FaultMatch {
  readonly method?: string;
  /** Path without the query: `/oauth/token`, `/contacts/*`. */
  readonly path?: string;
  /** Operation as the request log names it: `v3.contacts.getContact`, `*.contacts.*`. */
  readonly operation?: string;
  /** Grant type of a request to `/oauth/token`. */
  readonly grantType?: string;
  /** Location or company whose token, refresh token or code the request carries. */
  readonly resourceId?: string;
}

/** A fault with the requests that it affects. */
export interface FaultRule {
  readonly fault: Fault;
  /** Default: every request. */
  readonly match?: FaultMatch;
  /** Number of matching requests that pass before the fault begins. Default 0. */
  readonly skip?: number;
  /** Number of requests that the fault affects. Default: all, until it is removed. */
  readonly times?: number;
}

/** A rule in force, and what it has done so far. */
export interface ActiveFault extends FaultRule {
  readonly id: string;
  /** Requests that matched. */
  readonly seen: number;
  /** Requests that it befell. */
  readonly befallen: number;
}

/** Properties of a request that a rule may test. */
export interface RequestProperties {
  readonly method: string;
  readonly path: string;
  readonly operation?: string;
  readonly grantType?: string;
  readonly resourceId?: string;
}
