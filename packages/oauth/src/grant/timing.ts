import type { GrantState } from "./state.ts";

// Durations of the grant's protocol, in milliseconds. docs/design/oauth.md gives the reason for each.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Time-out of one request to the token endpoint. Several requests fit into HighLevel's grace of 30 s. */
export const REQUEST_TIMEOUT_MS: number = 6 * SECOND;

/** Duration of the lease that lets one host send a refresh token. It covers the time-out and the time to store the answer. */
export const LEASE_MS: number = 8 * SECOND;

/**
 * Largest difference between the clocks of processes that share a store, for a store without a clock of its own. The lease has this
 * time left after a request has used its time-out and `STORE_RESERVE_MS`.
 */
export const MAX_CLOCK_SKEW_MS: number = 1.5 * SECOND;

/** Part of the lease that is reserved for storing the answer, ms. */
export const STORE_RESERVE_MS = 500;

/** Minimum remaining lifetime of an access token that is given out. */
export const EXPIRY_MARGIN_MS: number = MINUTE;

/** A token is refreshed ahead of need at a random point between these shares of its lifetime. */
export const REFRESH_AHEAD_FROM = 0.7;
export const REFRESH_AHEAD_TO = 0.8;

/**
 * The first token of an installation is refreshed from this share of its lifetime on, up to `REFRESH_AHEAD_TO`. A bulk install makes many
 * grants within a minute. Their first renewals spread over half of the lifetime instead of a tenth, and later ones keep that distance.
 */
export const FIRST_REFRESH_FROM = 0.3;

/**
 * Times at which the same refresh token is sent again after an answer that may have been lost, counted from the first request.
 * Five are inside the 30 s in which HighLevel answers an identical request with the same successor (changelog
 * "Smarter Refresh Token Handling for Distributed Systems", 2025). The later ones are rare; the token may still be good.
 */
export const RESEND_OFFSETS_MS: readonly number[] = [
  0.5 * SECOND,
  2 * SECOND,
  5 * SECOND,
  12 * SECOND,
  22 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
];
export const RESEND_LATER_MS: number = HOUR;

/** Delay of the second request that confirms an "invalid grant". One such answer alone does not end the grant. */
export const CONFIRM_MS: number = MINUTE;

/** Delay of the first request after HighLevel reported a paused location. Later requests follow every `SUSPENDED_LATER_MS`. */
export const SUSPENDED_RETRY_MS: number = 15 * MINUTE;
export const SUSPENDED_LATER_MS: number = HOUR;

/**
 * Delays before a request is sent again after a refusal of the app's settings. The last delay repeats. The refusal may be a
 * mistake of HighLevel or of a proxy. The delays of a derived token start earlier, because its request spends no refresh token and its
 * location may be new.
 */
export const CONFIGURATION_RETRY_MS: Readonly<Record<GrantState["renewal"], readonly number[]>> = {
  refreshable: [15 * MINUTE, HOUR],
  derived: [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR],
};

/**
 * Minimum age of a token before it is replaced because the API refused it. The index is the number of earlier tokens in this series that
 * were also refused. A location that answers every call with 401 costs four rotations in the first 21 minutes and one per hour from then
 * on. A derived token spends no refresh token, but each mint is a call of the company's budget.
 */
export const REFUSAL_PAUSES_MS: Readonly<Record<GrantState["renewal"], readonly number[]>> = {
  refreshable: [0, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR],
  derived: [0, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE],
};

/** A token that the API accepts for this time ends a series of refusals. */
export const REFUSALS_OVER_MS: number = HOUR;

/** HighLevel answers an identical request with the same successor for this long (source: see `RESEND_OFFSETS_MS`). */
export const GRACE_MS: number = 30 * SECOND;

/** Delay after a 429 without a delay of its own, and the longest delay that is accepted from a 429. */
export const RATE_LIMIT_WAIT_MS: number = 10 * SECOND;
export const RATE_LIMIT_MAX_MS: number = HOUR;

/** A waiting time longer than any of the above means that the clock was set back. */
export const LONGEST_WAIT_MS: number = 70 * MINUTE;

/** Waits of a minute and more are lengthened by up to this share, so that many grants do not come back at once. */
export const SPREAD = 0.1;
