import type { GrantState } from "./state.ts";

/** Event of a grant. It never contains a token. */
export type GrantEvent =
  /** The clock moved, or somebody wants the token: does what is due. */
  | { readonly type: "tick"; readonly configurationId?: string }
  /** The API refused the current access token as invalid or expired. */
  | { readonly type: "rejected" }
  /** A renewal request ended. */
  | AnsweredEvent
  /** A code was exchanged for tokens. */
  | {
      readonly type: "exchanged";
      readonly token: ReceivedToken;
      /** HighLevel's time of the exchange: what an UNINSTALL is compared with. */
      readonly installedAtMs: number;
      readonly companyId?: string;
      readonly random?: number;
    }
  /** A verified INSTALL event; `atMs` is its signed time. One without a time changes nothing. */
  | { readonly type: "installed"; readonly atMs: number; readonly companyId?: string }
  /** A verified UNINSTALL event; `atMs` is its signed time. One without a time changes nothing. */
  | { readonly type: "uninstalled"; readonly atMs: number }
  /** An operator wants another try now, whatever the state says. */
  | { readonly type: "retry" };

/** A renewal request ended. */
export interface AnsweredEvent {
  readonly type: "answered";
  /** Fingerprint of the refresh token that was sent. */
  readonly tokenId: string;
  readonly attempt: number;
  readonly outcome: RenewalOutcome;
  /** In [0, 1): spreads the next renewal. Default 0.5. */
  readonly random?: number;
}

/** Describes the tokens of an answer, without the tokens. */
export interface ReceivedToken {
  /** Fingerprint of the new refresh token; absent when the answer has none. */
  readonly tokenId?: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
}

/** Outcome of a renewal request. */
export type RenewalOutcome =
  | { readonly kind: "token"; readonly token: ReceivedToken }
  /** Time-out, network error, 5xx, cut answer: it may have been carried out. */
  | { readonly kind: "ambiguous"; readonly code: string }
  /** HighLevel refused to look at it for now: it was not carried out. */
  | { readonly kind: "rate_limited"; readonly code: string; readonly retryAfterMs?: number }
  | { readonly kind: "invalid_grant"; readonly code: string }
  | { readonly kind: "suspended"; readonly code: string }
  /** Wrong client id, secret, parameter or address: tried again rarely, or with another configuration. */
  | {
      readonly kind: "configuration";
      readonly code: string;
      readonly configurationId?: string;
      /** Believed at once, not when it is said again. */
      readonly isCertain?: boolean;
    }
  /** Nothing left this machine. */
  | { readonly kind: "not_sent"; readonly retryAfterMs?: number };

/** Action that the host carries out after it has stored the new state. A host carries out several in their order. */
export type GrantEffect =
  /** Send the renewal request; the answer comes back as `answered` with these two fields. Not after `notAfterMs`. */
  | { readonly type: "send"; readonly tokenId: string; readonly attempt: number; readonly notAfterMs: number }
  /** Store the tokens that came with the event, in the same write as the state. */
  | { readonly type: "store_tokens" }
  /** Remove the tokens, in the same write as the state. */
  | { readonly type: "forget_tokens" }
  /** Deliver a `tick` at this time. */
  | { readonly type: "wake"; readonly atMs: number }
  | { readonly type: "notify"; readonly notice: GrantNotice; readonly code?: string };

/** Change of a grant that an operator may want to know. */
export type GrantNotice =
  | "installed"
  | "refreshed"
  | "suspended"
  | "reauth_required"
  | "configuration_error"
  /** The API has refused a token that replaced a refused one; it is replaced after a pause. */
  | "token_refused"
  /** The API has taken a token for an hour that replaced refused ones. */
  | "recovered"
  | "uninstalled";

/** Result of `stepGrant`. */
export interface GrantStep {
  readonly state: GrantState;
  readonly effects: readonly GrantEffect[];
}
