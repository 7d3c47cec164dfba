import type { Feedback, Priority } from "@ghl-edge/rate-limit";
import type { NumberedPermit } from "../prefetched-permits.ts";
import type { Tenant } from "../token-record.ts";
import type { AcceptedTokenTypes, NoTokenReason } from "../token-reply.ts";
import type { TokenRequest } from "./token-grant.ts";

export interface PermitRequest extends Tenant {
  /** Who takes turns with whom where calls wait. */
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number;
  /** HighLevel refused it after its turn: it goes before calls of its key that have had none. */
  readonly retry?: boolean | undefined;
}

/** Leave to send one request. */
export interface GivenPermit extends NumberedPermit {
  /** How long after it was asked for: its slot is taken from then on. */
  readonly startsAfterMs: number;
  readonly intervalLimit: number;
}

export type PermitReply =
  | { readonly ok: true; readonly permit: GivenPermit }
  | {
      readonly ok: false;
      readonly reason: "budget";
      readonly limit: "burst" | "daily";
      readonly retryAfterMs: number;
    };

export interface AcquireRequest extends PermitRequest {
  readonly acceptedTokenTypes: AcceptedTokenTypes;
  readonly rejectedToken?: string | undefined;
  /** Any of these is enough; none: the operation needs none. */
  readonly scopes: readonly string[];
  /** As many more permits as would be taken for calls that ask for the same within `PREFETCH_MS`. */
  readonly prefetch: number;
  /** Spare permits of before that were not used. */
  readonly returned: readonly number[];
}

export type AcquireReply =
  | {
      readonly ok: true;
      readonly accessToken: string;
      readonly permit: GivenPermit;
      /** Each is leave to send one request with this token until `PREFETCH_MS` after it was asked for. */
      readonly prefetched: readonly NumberedPermit[];
    }
  | Extract<PermitReply, { ok: false }>
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly reason: "scope"; readonly granted: readonly string[] }
  | { readonly ok: false; readonly reason: NoTokenReason; readonly answerCode?: string | undefined };

/** One per app and resource; the hot path: one call answers token and permit. */
export interface ResourceCoordinatorApi {
  acquire(request: AcquireRequest): Promise<AcquireReply>;
  /** Drops cached tokens that are over or that another than the active key seals. How many are left: all are under the active key. */
  dropStaleTokens(): Promise<number>;
  /** A permit without a token, for what the gateway itself asks HighLevel. */
  permit(request: PermitRequest): Promise<PermitReply>;
  /** The answer of a permit, or that none came; only where `needsReport` says so. */
  report(tenant: Tenant, permit: number, feedback: Feedback | undefined): Promise<void>;
  /** Nothing was sent for a permit. */
  returnUnused(tenant: Tenant, permit: number): Promise<void>;
  /** HighLevel has refused the token of a call that is not sent again. Returns before the grant has another one. */
  tokenRejected(request: TokenRequest): Promise<void>;
  /** The grant has other tokens: forget what is in memory. */
  tokenChanged(): Promise<void>;
}
