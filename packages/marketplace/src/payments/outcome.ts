import type {
  ChargeReport,
  ChargeSnapshot,
  SubscriptionSnapshot,
  SubscriptionStatus,
  UndecidedStatus,
} from "./snapshot.ts";

/** A failed payment. HighLevel may show `message` to a user. */
export interface Failure {
  readonly status: "failed";
  readonly message: string;
}

/**
 * Result of `verify`. `succeeded` marks HighLevel's transaction as paid. `pending` leaves it open until you send `payment.captured`. A
 * subscription needs its snapshot: without it HighLevel leaves it incomplete.
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

/** A stored payment method. Titles are cut to HighLevel's 20 characters. */
export interface PaymentMethod {
  /** Your id of the method. HighLevel sends it back as `paymentMethodId`. */
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

/** Result of `charge_payment`. */
export type ChargeOutcome = (ChargeReport & { readonly message?: string }) | Failure;

/** Result of `create_subscription`. */
export type CreateSubscriptionOutcome =
  | {
      readonly status: "succeeded";
      readonly message?: string;
      readonly subscription: SubscriptionSnapshot;
      /** The first charge; absent when the subscription begins later. */
      readonly charge?: ChargeReport;
    }
  | Failure;

/** Result of `refund`. */
export type RefundOutcome =
  | {
      readonly status: "succeeded";
      readonly message?: string;
      /** Id of the refund at your payment gateway. */
      readonly id: string;
      /** Amount in the currency's main unit. */
      readonly amount: number;
      readonly currency: string;
    }
  | Failure;

/** Result of `cancel_subscription`: the current status, which is `canceled` on success. */
export interface CancelSubscriptionOutcome {
  readonly status: SubscriptionStatus;
}

/** Results of your functions by type of query. */
export interface PaymentOutcomes {
  readonly verify: VerifyOutcome;
  readonly list_payment_methods: readonly PaymentMethod[];
  readonly charge_payment: ChargeOutcome;
  readonly create_subscription: CreateSubscriptionOutcome;
  readonly refund: RefundOutcome;
  readonly cancel_subscription: CancelSubscriptionOutcome;
}
