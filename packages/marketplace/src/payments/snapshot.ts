/**
 * The formats and names are HighLevel's. All times are Unix times in seconds.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21)
 */

/** Status of a charge. */
export type ChargeStatus = "succeeded" | "failed" | "pending";

/** Status of an open charge at a payment gateway. HighLevel gets `pending` for all of them. */
export type UndecidedStatus = "processing" | "requires_action" | "requires_capture" | "requires_confirmation";

/** A charge at your payment gateway. */
export interface ChargeSnapshot {
  readonly status: ChargeStatus;
  /** Its id at your payment gateway. */
  readonly chargeId: string;
  /**
   * Amount, sent unchanged. Its unit is unclear: HighLevel's text for events says cents (×100), but its samples of replies have 100.00 for
   * an amount of 100.00.
   */
  readonly amount: number;
  /** Completion time in Unix seconds. */
  readonly chargedAt: number;
  /** Id of the charge. Default: `chargeId`. */
  readonly id?: string;
}

/** A charge as your payment gateway reports it. An open one has no completion time yet. */
export interface ChargeReport extends Omit<ChargeSnapshot, "status" | "chargedAt"> {
  readonly status: ChargeStatus | UndecidedStatus;
  /** Completion time in Unix seconds. Required when `status` is `succeeded`. */
  readonly chargedAt?: number;
}

/** Status of a subscription. */
export type SubscriptionStatus =
  | "scheduled"
  | "trialing"
  | "active"
  | "expired"
  | "canceled"
  | "unpaid"
  | "incomplete"
  | "pending";

/** A subscription at your payment gateway. */
export interface SubscriptionSnapshot {
  /** Its id at your payment gateway. */
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** End of the trial in Unix seconds; 0 without a trial. */
  readonly trialEnd: number;
  /** Creation time in Unix seconds. */
  readonly createdAt: number;
  /** Time of the next charge in Unix seconds. */
  readonly nextCharge: number;
}

/** One sold product. The number of fields that HighLevel sends varies. */
export interface ProductDetail {
  readonly _id?: string;
  readonly name?: string;
  readonly qty?: number;
  readonly productId?: string;
  readonly priceId?: string;
  readonly prices?: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}
