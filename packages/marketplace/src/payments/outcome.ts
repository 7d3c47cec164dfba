import type {
  ChargeReport,
  ChargeSnapshot,
  SubscriptionSnapshot,
  SubscriptionStatus,
  UndecidedStatus,
} from "./snapshot.ts";

/** It did not work. `message` may be shown to a user. */
export interface Failure {
  readonly status: "failed";
  readonly message: string;
}

/**
 * `succeeded` marks HighLevel's transaction paid; `pending` leaves it open until you send `payment.captured`. For a subscription give
 * its snapshot: without it HighLevel leaves it incomplete.
 */
export type VerifyOutcome =
  | {
      readonly status: "succeeded";
      readonly message?: string;
      readonly chargeSnapshot?: ChargeSnapshot;
      readonly subscriptionSnapshot?: SubscriptionSnapshot;
    }
  | { readonly status: "pending" | UndecidedStatus }
  | { readonly status: "failed"; readonly message?: string };

/** A stored payment method. Titles longer than HighLevel's 20 characters are cut. */
export interface PaymentMethod {
  /** Yours; comes back as `paymentMethodId`. */
  readonly id: string;
  /** `card`, `us_bank_account`, … */
  readonly type: string;
  readonly title: string;
  readonly subTitle: string;
  /** `mm/yy`. */
  readonly expiry?: string;
  readonly customerId: string;
  readonly imageUrl?: string;
}

export type ChargeOutcome = (ChargeReport & { readonly message?: string }) | Failure;

export type CreateSubscriptionOutcome =
  | {
      readonly status: "succeeded";
      readonly message?: string;
      readonly subscription: SubscriptionSnapshot;
      /** The first charge; none where it begins later. */
      readonly charge?: ChargeReport;
    }
  | Failure;

export type RefundOutcome =
  | {
      readonly status: "succeeded";
      readonly message?: string;
      /** Your gateway's id of the refund. */
      readonly id: string;
      /** In the currency's main unit. */
      readonly amount: number;
      readonly currency: string;
    }
  | Failure;

/** The state the subscription is in now: `canceled` when it worked. */
export interface CancelSubscriptionOutcome {
  readonly status: SubscriptionStatus;
}

/** What your functions return, by type of query. */
export interface PaymentOutcomes {
  readonly verify: VerifyOutcome;
  readonly list_payment_methods: readonly PaymentMethod[];
  readonly charge_payment: ChargeOutcome;
  readonly create_subscription: CreateSubscriptionOutcome;
  readonly refund: RefundOutcome;
  readonly cancel_subscription: CancelSubscriptionOutcome;
}
