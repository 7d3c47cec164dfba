import { PaymentReplyError } from "../errors.ts";
import type { ChargeSnapshot, SubscriptionSnapshot } from "./snapshot.ts";

/** What a function returned is checked at run time as well: a slip must not become a payment in somebody's books. */
type Fields = Readonly<Record<string, unknown>>;

const CHARGE_STATUSES = ["succeeded", "failed", "pending"];
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
/** As seconds the year 5138, as milliseconds 1973: whatever is above was meant as milliseconds. */
const LAST_PLAUSIBLE_SECOND = 1e11;

export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PaymentReplyError(`${name} is no object`, name);
  }
  return value as Fields;
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new PaymentReplyError(`${name} is missing`, name);
  return value;
}

export function messageOf(fields: Fields): string {
  const { message = "" } = fields;
  if (typeof message !== "string") throw new PaymentReplyError("message is no text", "message");
  return message;
}

export function amountOf(fields: Fields): number {
  const { amount } = fields;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0) {
    throw new PaymentReplyError("amount is no amount", "amount");
  }
  return amount;
}

function secondsOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !(value >= 0 && value < LAST_PLAUSIBLE_SECOND)) {
    throw new PaymentReplyError(`${name} is no Unix time in seconds`, name);
  }
  return value;
}

export function oneOf(fields: Fields, name: string, known: readonly string[]): string {
  const value = textOf(fields, name);
  if (!known.includes(value)) throw new PaymentReplyError(`${name} is none that is known`, name);
  return value;
}

export function chargeSnapshotOf(value: unknown): Required<ChargeSnapshot> {
  const fields = fieldsOf(value, "chargeSnapshot");
  const chargeId = textOf(fields, "chargeId");
  return {
    id: fields.id === undefined ? chargeId : textOf(fields, "id"),
    status: oneOf(fields, "status", CHARGE_STATUSES) as ChargeSnapshot["status"],
    amount: amountOf(fields),
    chargeId,
    chargedAt: secondsOf(fields, "chargedAt"),
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
