import { PaymentReplyError } from "../errors.ts";
import type { ChargeSnapshot, SubscriptionSnapshot, UndecidedStatus } from "./snapshot.ts";

/** What a function returned is checked at run time as well: a slip must not become a payment in somebody's books. */
type Fields = Readonly<Record<string, unknown>>;

const CHARGE_STATUSES = ["succeeded", "failed", "pending"];
/** Words of gateways for what is still open. Any other is refused: to take it for pending could hide a failure for good. */
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

/** The status in HighLevel's words: what is not decided yet is `pending`. */
export function decidedStatusOf(fields: Fields): unknown {
  return UNDECIDED_STATUSES.includes(fields.status as string) ? "pending" : fields.status;
}

/** A charge in HighLevel's shape; one that is not completed may have no time of completion. */
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
