/**
 * HighLevel's own shapes, in its own names; their times are Unix time in seconds.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21)
 */

export type ChargeStatus = "succeeded" | "failed" | "pending";

/** What gateways call a charge that is not decided yet; written as `pending`, HighLevel's word for all of them. */
export type UndecidedStatus = "processing" | "requires_action" | "requires_capture" | "requires_confirmation";

/** A charge at your gateway. */
export interface ChargeSnapshot {
  readonly status: ChargeStatus;
  /** Your gateway's id of it. */
  readonly chargeId: string;
  /**
   * Unclear: HighLevel's text for events says cents (×100), its samples of replies have 100.00 beside an amount of 100.00. Written as
   * you give it.
   */
  readonly amount: number;
  /** When it was completed, Unix seconds. */
  readonly chargedAt: number;
  /** Default: `chargeId`. */
  readonly id?: string;
}

/** A charge as your gateway reports it: an undecided one has no time of completion yet. */
export interface ChargeReport extends Omit<ChargeSnapshot, "status" | "chargedAt"> {
  readonly status: ChargeStatus | UndecidedStatus;
  /** When it was completed, Unix seconds. Required where `status` is `succeeded`. */
  readonly chargedAt?: number;
}

export type SubscriptionStatus =
  | "scheduled"
  | "trialing"
  | "active"
  | "expired"
  | "canceled"
  | "unpaid"
  | "incomplete"
  | "pending";

/** A subscription at your gateway. */
export interface SubscriptionSnapshot {
  /** Your gateway's id of it. */
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** Unix seconds; 0 without a trial. */
  readonly trialEnd: number;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds. */
  readonly nextCharge: number;
}

/** One line of what is sold. HighLevel sends more of it at times, less at others. */
export interface ProductDetail {
  readonly _id?: string;
  readonly name?: string;
  readonly qty?: number;
  readonly productId?: string;
  readonly priceId?: string;
  readonly prices?: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}
