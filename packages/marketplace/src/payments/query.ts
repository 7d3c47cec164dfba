import type { ProductDetail } from "./snapshot.ts";

interface Query<Type extends string> {
  readonly type: Type;
  /** The whole body without the `apiKey`, unchecked, with fields that this package does not know yet. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks whether a payment was made. At least one of the ids is present. */
export interface VerifyQuery extends Query<"verify"> {
  /** HighLevel's id of the transaction. */
  readonly transactionId?: string;
  /** The charge id from your checkout page. */
  readonly chargeId?: string;
  /** HighLevel's id of the subscription. */
  readonly subscriptionId?: string;
}

/** Asks for the payment methods that a contact has stored with you. */
export interface ListPaymentMethodsQuery extends Query<"list_payment_methods"> {
  readonly contactId: string;
  readonly locationId?: string;
}

/** Asks you to charge a stored method. Charge only once per `transactionId`. */
export interface ChargePaymentQuery extends Query<"charge_payment"> {
  readonly paymentMethodId: string;
  readonly contactId: string;
  readonly transactionId?: string;
  /** Amount in the currency's main unit. */
  readonly amount: number;
  readonly currency: string;
  readonly chargeDescription?: string;
}

/** Asks you to begin a subscription with a stored method. From then on your app bills it. */
export interface CreateSubscriptionQuery extends Query<"create_subscription"> {
  readonly locationId: string;
  readonly contactId: string;
  readonly paymentMethodId: string;
  /** HighLevel's id of the subscription. */
  readonly subscriptionId: string;
  readonly transactionId?: string;
  /** First day, as `YYYY-MM-DD`. */
  readonly startDate?: string;
  readonly currency: string;
  /** Amount of the first charge in the currency's main unit. */
  readonly amount: number;
  readonly recurringAmount?: number;
  readonly productDetails: readonly ProductDetail[];
}

/** Asks you to refund all or part of a charge. One transaction may have several refunds, and none has an id. */
export interface RefundQuery extends Query<"refund"> {
  /** Amount in the currency's main unit. */
  readonly amount: number;
  /** HighLevel's id of the transaction. This or `chargeId` is present. */
  readonly transactionId?: string;
  readonly chargeId?: string;
}

/** Asks you to cancel a subscription. */
export interface CancelSubscriptionQuery extends Query<"cancel_subscription"> {
  /** HighLevel's id of the subscription. */
  readonly subscriptionId: string;
}

/** HighLevel's queries to your `queryUrl`, by `type`. */
export interface PaymentQueries {
  readonly verify: VerifyQuery;
  readonly list_payment_methods: ListPaymentMethodsQuery;
  readonly charge_payment: ChargePaymentQuery;
  readonly create_subscription: CreateSubscriptionQuery;
  readonly refund: RefundQuery;
  readonly cancel_subscription: CancelSubscriptionQuery;
}

/** Type of a query. */
export type PaymentQueryType = keyof PaymentQueries;

/** A query of HighLevel. Narrow it by `type`. */
export type PaymentQuery = PaymentQueries[PaymentQueryType];
