import type { ProductDetail } from "./snapshot.ts";

interface Query<Type extends string> {
  readonly type: Type;
  /** Everything that was sent but the `apiKey`, unchecked: for what HighLevel adds before this package knows it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Was this payment made? At least one of the ids is there. */
export interface VerifyQuery extends Query<"verify"> {
  /** HighLevel's. */
  readonly transactionId?: string;
  /** The one your checkout page reported. */
  readonly chargeId?: string;
  /** HighLevel's, of a subscription. */
  readonly subscriptionId?: string;
}

/** Which payment methods has this contact stored with you? */
export interface ListPaymentMethodsQuery extends Query<"list_payment_methods"> {
  readonly contactId: string;
  readonly locationId?: string;
}

/** Charge a stored method. `transactionId` is the key to charge once by. */
export interface ChargePaymentQuery extends Query<"charge_payment"> {
  readonly paymentMethodId: string;
  readonly contactId: string;
  readonly transactionId?: string;
  /** In the currency's main unit. */
  readonly amount: number;
  readonly currency: string;
  readonly chargeDescription?: string;
}

/** Begin a subscription with a stored method; billing it from then on is yours. */
export interface CreateSubscriptionQuery extends Query<"create_subscription"> {
  readonly locationId: string;
  readonly contactId: string;
  readonly paymentMethodId: string;
  /** HighLevel's. */
  readonly subscriptionId: string;
  readonly transactionId?: string;
  /** `YYYY-MM-DD`. */
  readonly startDate?: string;
  readonly currency: string;
  /** Of the first charge, in the currency's main unit. */
  readonly amount: number;
  readonly recurringAmount?: number;
  readonly productDetails: readonly ProductDetail[];
}

/** Refund all or part of a charge. There may be several for one transaction; none has an id of its own. */
export interface RefundQuery extends Query<"refund"> {
  /** In the currency's main unit. */
  readonly amount: number;
  /** HighLevel's; this or `chargeId` is there. */
  readonly transactionId?: string;
  readonly chargeId?: string;
}

export interface CancelSubscriptionQuery extends Query<"cancel_subscription"> {
  /** HighLevel's. */
  readonly subscriptionId: string;
}

/** What HighLevel asks at your `queryUrl`, by `type`. */
export interface PaymentQueries {
  readonly verify: VerifyQuery;
  readonly list_payment_methods: ListPaymentMethodsQuery;
  readonly charge_payment: ChargePaymentQuery;
  readonly create_subscription: CreateSubscriptionQuery;
  readonly refund: RefundQuery;
  readonly cancel_subscription: CancelSubscriptionQuery;
}

export type PaymentQueryType = keyof PaymentQueries;

export type PaymentQuery = PaymentQueries[PaymentQueryType];
