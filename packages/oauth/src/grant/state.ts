/**
 * State of one grant, without its tokens: safe to log, to show and to store in the clear. It has JSON values only.
 * A change of these fields is a change of a stored format (docs/design/oauth.md, "What is stored").
 */
export interface GrantState {
  /** Format of this record. */
  readonly version: 1;
  /**
   * `refreshable`: has a refresh token that each use replaces. `derived`: a location's token made from its company's, which
   * can be repeated at will.
   */
  readonly renewal: "refreshable" | "derived";
  readonly status: GrantStatus;
  /** Grows by one with every change: what a store compares before it sets. 0: never stored. */
  readonly epoch: number;
  /** The token that is held. */
  readonly current?: CurrentToken;
  /** A renewal that was begun and is not known to have ended. */
  readonly intent?: RenewalIntent;
  /** The present problem. The next success clears it, and so does a token that the API accepts for an hour. */
  readonly problem?: GrantProblem;
  /** HighLevel's time of the newest known install, in Unix milliseconds. */
  readonly installedAtMs?: number;
  /** HighLevel's time of the newest known uninstall, in Unix milliseconds. */
  readonly uninstalledAtMs?: number;
  /** A location's company, where known. */
  readonly companyId?: string;
}

/**
 * - `pending`: known to be installed, no token yet
 * - `active`: a token is held and nothing is under way
 * - `refreshing`: a refresh token was sent, or is to be sent again
 * - `suspended`: HighLevel says the location is not active; the token is kept and tried again, rarely
 * - `reauth_required`: the refresh token is dead, confirmed; only a new install helps
 * - `uninstalled`: a tombstone without tokens
 */
export type GrantStatus = "pending" | "active" | "refreshing" | "suspended" | "reauth_required" | "uninstalled";

/** The token that is held, without the token. */
export interface CurrentToken {
  /** Fingerprint of the refresh token; absent when there is none. `derived` for a derived token. */
  readonly tokenId?: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** Time from which the token is renewed although it is still good, Unix milliseconds. */
  readonly refreshAheadAtMs: number;
  /** Reason for which the token was obtained. */
  readonly cause: RenewalCause;
  /** Fingerprint of the refresh token it was obtained with, and the attempt that brought it. */
  readonly parentId?: string;
  readonly attempt?: number;
  /** The API refused the access token as invalid; it is not given out any more. */
  readonly rejectedAtMs?: number;
  /** Number of tokens before this one, without a break, that the API refused. Absent: none. */
  readonly refusals?: number;
  /** The API refused the access token soon after such a refusal: it is given out further, and replaced from then on. */
  readonly replaceAtMs?: number;
}

/** `install`: code exchange; `due`: its time came; `rejected`: the API refused the previous token. */
export type RenewalCause = "install" | "due" | "rejected";

/** A renewal under way. It is stored before its request is sent, so that any process that finds it can continue it. */
export interface RenewalIntent {
  readonly cause: RenewalCause;
  /** Fingerprint of the refresh token that is sent. */
  readonly tokenId: string;
  /** Number of requests sent, this one included. */
  readonly attempt: number;
  /** The time of the first request that may have been carried out; absent when there is none. */
  readonly firstSentAtMs?: number;
  readonly sentAtMs: number;
  /** Until then the sender has the sole right to send. Absent: nobody is sending. */
  readonly leaseUntilMs?: number;
  /** The time at which the token is sent again; absent while a request is in flight. */
  readonly nextAttemptAtMs?: number;
  /** The time of the first "invalid grant". A second one, `CONFIRM_MS` later, confirms it. */
  readonly invalidGrantAtMs?: number;
  /** Number of requests whose answer never came or said nothing. */
  readonly ambiguousAnswers: number;
  /** An answer refused the app's settings; it is believed when the next one says so, too. */
  readonly isRefused?: boolean;
  /** Number of answers that said the location is not active. */
  readonly suspendedAnswers: number;
}

/** Problem of a grant: renewal has stopped, or the API refuses one token after the other (`REFUSED_CODE`). */
export interface GrantProblem {
  /** Code of the class of answer (see `classifyAnswer`). */
  readonly code: string;
  readonly atMs: number;
  /** Set on a configuration error: renewal goes on at once when the configuration is another one. */
  readonly configurationId?: string;
  /** Set on a configuration error: when renewal is tried again with the same configuration, Unix milliseconds. */
  readonly retryAtMs?: number;
  /** Set on a configuration error: number of such answers without another one in between. */
  readonly answers?: number;
}

/**
 * Creates the state of a grant without any event.
 *
 * @param renewal - Whether it has a refresh token, or is derived from its company
 * @param companyId - Company of a location, where it is known
 * @returns The state, with epoch 0
 * @example
 * ```ts
 * import { newGrant } from "@ghl-edge/oauth";
 *
 * console.log(newGrant("refreshable").status); // "pending"
 * ```
 */
export function newGrant(renewal: GrantState["renewal"], companyId?: string): GrantState {
  return { version: 1, renewal, status: "pending", epoch: 0, ...(companyId === undefined ? {} : { companyId }) };
}

/** Stands in for the fingerprint of a refresh token where renewal needs none. */
export const DERIVED = "derived";

/** Code of the problem that the API refuses tokens although they are renewed. */
export const REFUSED_CODE = "ERR_GHL_ACCESS_TOKEN_INVALID";
