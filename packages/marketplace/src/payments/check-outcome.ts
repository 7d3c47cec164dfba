import { describeSecret } from "@ghl-edge/core";
import { PaymentReplyError } from "./errors.ts";
import type { ChargeSnapshot, SubscriptionSnapshot, UndecidedStatus } from "./snapshot.ts";

/** The result of a function. It is checked at run time too, because a mistake must not become a payment at HighLevel. */
type Fields = Readonly<Record<string, unknown>>;

const CHARGE_STATUSES = ["succeeded", "failed", "pending"];
/** Statuses of payment gateways for an open charge. Other words are refused: treating them as pending could hide a failure. */
const UNDECIDED_STATUSES: readonly string[] = [
  "processing",
  "requires_action",
  "requires_capture",
  "requires_confirmation",
] satisfies UndecidedStatus[];
export const SUBSCRIPTION_STATUSES: readonly string[] = [
  "scheduled",
  "trialing",
  "active",
  "expired",
  "canceled",
  "unpaid",
  "incomplete",
  "pending",
];
/** The year 5138 in seconds, or 1973 in milliseconds. A larger number is most likely in milliseconds. */
const LAST_PLAUSIBLE_SECOND = 1e11;

export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PaymentReplyError(`${name} must be an object, got ${describeSecret(value)}`, name);
  }
  return value as Fields;
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "")
    throw new PaymentReplyError(`${name} must be a non-empty string, got ${describeSecret(value)}`, name);
  return value;
}

export function messageOf(fields: Fields): string {
  const { message = "" } = fields;
  if (typeof message !== "string")
    throw new PaymentReplyError(`message must be a string, got ${describeSecret(message)}`, "message");
  return message;
}

export function amountOf(fields: Fields): number {
  const { amount } = fields;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0) {
    throw new PaymentReplyError(`amount must be a number of 0 or more, got ${describeSecret(amount)}`, "amount");
  }
  return amount;
}

function secondsOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !(value >= 0 && value < LAST_PLAUSIBLE_SECOND)) {
    throw new PaymentReplyError(`${name} must be a Unix time in seconds, got ${describeSecret(value)}`, name);
  }
  return value;
}

export function oneOf(fields: Fields, name: string, known: readonly string[]): string {
  const value = textOf(fields, name);
  if (!known.includes(value))
    throw new PaymentReplyError(`${name} must be one of ${known.join(", ")}, got ${describeSecret(value)}`, name);
  return value;
}

/** Returns the status for HighLevel, where every open status is `pending`. */
export function decidedStatusOf(fields: Fields): unknown {
  return UNDECIDED_STATUSES.includes(fields.status as string) ? "pending" : fields.status;
}

/** A charge in HighLevel's format. An open charge may have no completion time. */
export type WrittenCharge = Required<Omit<ChargeSnapshot, "chargedAt">> & Partial<Pick<ChargeSnapshot, "chargedAt">>;

export function chargeSnapshotOf(value: unknown): WrittenCharge {
  const fields = fieldsOf(value, "chargeSnapshot");
  const chargeId = textOf(fields, "chargeId");
  const status = oneOf({ status: decidedStatusOf(fields) }, "status", CHARGE_STATUSES) as ChargeSnapshot["status"];
  const isCompleted = status === "succeeded" || fields.chargedAt !== undefined;
  return {
    id: fields.id === undefined ? chargeId : textOf(fields, "id"),
    status,
    amount: amountOf(fields),
    chargeId,
    ...(isCompleted ? { chargedAt: secondsOf(fields, "chargedAt") } : {}),
  };
}

export function subscriptionSnapshotOf(value: unknown): SubscriptionSnapshot {
  const fields = fieldsOf(value, "subscriptionSnapshot");
  return {
    id: textOf(fields, "id"),
    status: oneOf(fields, "status", SUBSCRIPTION_STATUSES) as SubscriptionSnapshot["status"],
    trialEnd: secondsOf(fields, "trialEnd"),
    createdAt: secondsOf(fields, "createdAt"),
    nextCharge: secondsOf(fields, "nextCharge"),
  };
}
