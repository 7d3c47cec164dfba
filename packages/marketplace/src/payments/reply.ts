import { describeSecret } from "@ghl-edge/core";
import {
  amountOf,
  chargeSnapshotOf,
  decidedStatusOf,
  fieldsOf,
  messageOf,
  oneOf,
  SUBSCRIPTION_STATUSES,
  subscriptionSnapshotOf,
  textOf,
} from "./check-outcome.ts";
import { PaymentReplyError } from "./errors.ts";
import type { PaymentOutcomes } from "./outcome.ts";
import type { PaymentQueryType } from "./query.ts";

/** @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 9.2 */
const MAX_TITLE_CHARACTERS = 20;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_TITLE_CHARACTERS
    ? text
    : `${characters.slice(0, MAX_TITLE_CHARACTERS - 1).join("")}…`;
}

/** Writes `{success: true}` for paid, `{failed: true}` for failed, or `{success: false}` for open. A reply has only one of them. */
function verifyReply(outcome: unknown): object {
  const fields = fieldsOf(outcome, "outcome");
  const message = fields.message === undefined ? {} : { message: messageOf(fields) };
  switch (decidedStatusOf(fields)) {
    case "succeeded": {
      const charge = fields.chargeSnapshot === undefined ? undefined : chargeSnapshotOf(fields.chargeSnapshot);
      if (charge !== undefined && charge.status !== "succeeded") {
        throw new PaymentReplyError(
          `status of chargeSnapshot must be succeeded, got ${describeSecret(charge.status)}`,
          "status",
        );
      }
      const subscription =
        fields.subscriptionSnapshot === undefined ? undefined : subscriptionSnapshotOf(fields.subscriptionSnapshot);
      return {
        success: true,
        ...message,
        ...(charge && { chargeSnapshot: charge }),
        ...(subscription && { subscriptionStatus: subscription.status, subscriptionSnapshot: subscription }),
      };
    }
    case "pending":
      return { success: false };
    case "failed":
      return { failed: true, ...message };
    default:
      throw new PaymentReplyError(
        `status must be succeeded, pending or failed, got ${describeSecret(fields.status)}`,
        "status",
      );
  }
}

function methodsReply(outcome: unknown): object[] {
  if (!Array.isArray(outcome))
    throw new PaymentReplyError(`payment methods must be a list, got ${describeSecret(outcome)}`);
  return outcome.map((method: unknown) => {
    const fields = fieldsOf(method, "payment method");
    return {
      id: textOf(fields, "id"),
      type: textOf(fields, "type"),
      title: shortened(textOf(fields, "title")),
      subTitle: shortened(typeof fields.subTitle === "string" ? fields.subTitle : ""),
      ...(fields.expiry === undefined ? {} : { expiry: textOf(fields, "expiry") }),
      customerId: textOf(fields, "customerId"),
      ...(fields.imageUrl === undefined ? {} : { imageUrl: textOf(fields, "imageUrl") }),
    };
  });
}

function chargeReply(outcome: unknown): object {
  const fields = fieldsOf(outcome, "outcome");
  const message = messageOf(fields);
  if (fields.status === "failed" && fields.chargeId === undefined) return { success: false, failed: true, message };
  const charge = chargeSnapshotOf(fields);
  return {
    success: charge.status === "succeeded",
    failed: charge.status === "failed",
    chargeId: charge.chargeId,
    message,
    chargeSnapshot: charge,
  };
}

function createSubscriptionReply(outcome: unknown): object {
  const fields = fieldsOf(outcome, "outcome");
  const message = messageOf(fields);
  if (oneOf(fields, "status", ["succeeded", "failed"]) === "failed") return { success: false, failed: true, message };
  const subscription = subscriptionSnapshotOf(fields.subscription);
  const charge = fields.charge === undefined ? undefined : chargeSnapshotOf(fields.charge);
  return {
    success: true,
    failed: false,
    message,
    ...(charge && { transaction: { chargeId: charge.chargeId, chargeSnapshot: charge } }),
    subscription: { subscriptionId: subscription.id, subscriptionSnapshot: subscription },
  };
}

function refundReply(outcome: unknown): object {
  const fields = fieldsOf(outcome, "outcome");
  const message = messageOf(fields);
  if (oneOf(fields, "status", ["succeeded", "failed"]) === "failed") return { success: false, message };
  return {
    success: true,
    message,
    id: textOf(fields, "id"),
    amount: amountOf(fields),
    currency: textOf(fields, "currency"),
  };
}

function cancelSubscriptionReply(outcome: unknown): object {
  return { status: oneOf(fieldsOf(outcome, "outcome"), "status", SUBSCRIPTION_STATUSES) };
}

const REPLIES: { readonly [T in PaymentQueryType]: (outcome: unknown) => object } = {
  verify: verifyReply,
  list_payment_methods: methodsReply,
  charge_payment: chargeReply,
  create_subscription: createSubscriptionReply,
  refund: refundReply,
  cancel_subscription: cancelSubscriptionReply,
};

/**
 * Writes the result of a function in the format of HighLevel.
 *
 * @param type - Type of the query
 * @param outcome - Result of your function
 * @returns The body of the response
 * @throws {PaymentReplyError} when the result is invalid (`ERR_GHL_PAYMENT_REPLY`)
 * @example
 * ```ts
 * import { paymentReply } from "@ghl-edge/marketplace/payments";
 *
 * console.log(paymentReply("verify", { status: "pending" })); // { success: false }
 * ```
 */
export function paymentReply<T extends PaymentQueryType>(type: T, outcome: PaymentOutcomes[T]): object {
  return REPLIES[type](outcome);
}
