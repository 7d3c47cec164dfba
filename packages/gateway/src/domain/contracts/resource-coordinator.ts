import type { Feedback, Priority } from "@ghl-edge/rate-limit";
import type { Tenant } from "../grants/token-record.ts";
import type { AcceptedTokenTypes, NoTokenReason } from "../grants/token-reply.ts";
import type { NumberedPermit } from "../limits/prefetched-permits.ts";
import type { TokenRequest } from "./token-grant.ts";

export interface PermitRequest extends Tenant {
  /** Waiting callers with different keys alternate. */
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number;
  /** HighLevel refused this call before. It goes before first attempts of its key. */
  readonly retry?: boolean | undefined;
}

/** Permission to send one request. */
export interface IssuedCallPermit extends NumberedPermit {
  /** Time in ms from the request for the permit to the start of its slot. */
  readonly startsAfterMs: number;
  readonly intervalLimit: number;
}

export type PermitReply =
  | { readonly ok: true; readonly permit: IssuedCallPermit }
  | {
      readonly ok: false;
      readonly reason: "budget";
      readonly limit: "burst" | "daily";
      readonly retryAfterMs: number;
    };

export interface AcquireRequest extends PermitRequest {
  readonly acceptedTokenTypes: AcceptedTokenTypes;
  readonly rejectedToken?: string | undefined;
  /** The token needs one of these scopes. Empty: the operation needs none. */
  readonly scopes: readonly string[];
  /** Number of additional permits for the same kind of call within `PREFETCH_MS`. */
  readonly prefetch: number;
  /** Numbers of earlier prefetched permits that come back unused. */
  readonly returned: readonly number[];
}

export type AcquireReply =
  | {
      readonly ok: true;
      readonly accessToken: string;
      readonly permit: IssuedCallPermit;
      /** Each allows one more request with this token until `PREFETCH_MS` after the request for it. */
      readonly prefetched: readonly NumberedPermit[];
    }
  | Extract<PermitReply, { ok: false }>
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly reason: "scope"; readonly granted: readonly string[] }
  | { readonly ok: false; readonly reason: NoTokenReason; readonly answerCode?: string | undefined };

/** One object per app and resource. It is the hot path: one call returns token and permit. */
export interface ResourceCoordinatorApi {
  acquire(request: AcquireRequest): Promise<AcquireReply>;
  /** Drops cached tokens that have expired or that an inactive key seals. Returns the number of those left, all under the active key. */
  dropStaleTokens(): Promise<number>;
  /** Issues a permit without a token, for the gateway's own calls to HighLevel. */
  permit(request: PermitRequest): Promise<PermitReply>;
  /**
   * Hands out turns to mint tokens of the company's locations. Returns the delay of each turn from now on, in ms. Only the objects that
   * `mintTurn` is called at call it.
   */
  mintTurns(tenant: Tenant, count: number): Promise<readonly number[]>;
  /**
   * Returns the delay in ms until a location's turn to mint its token. It is called at one of several objects beside the company's, by a
   * hash of the location, and each of them asks the company's object for many locations at once.
   */
  mintTurn(company: Tenant): Promise<number>;
  /** Reports the answer to a permit's call, or that none came. Call it only where `needsReport` says so. */
  report(tenant: Tenant, permit: number, feedback: Feedback | undefined): Promise<void>;
  /** Returns a permit for which nothing was sent. */
  returnUnused(tenant: Tenant, permit: number): Promise<void>;
  /** HighLevel rejected the token of a call that is not retried. Resolves before the grant has another one. */
  tokenRejected(request: TokenRequest): Promise<void>;
  /** The grant has other tokens, so cached ones are dropped. */
  tokenChanged(): Promise<void>;
}
