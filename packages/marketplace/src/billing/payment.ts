import { ConfigurationError } from "../errors.ts";
import type { BillingTarget } from "./redirect.ts";

/** A payment you took or failed to take, as HighLevel wants to hear of it. */
export interface BillingPayment {
  /** What was billed to this one target, in the currency's main unit (dollars). */
  readonly amount: number;
  readonly status: "COMPLETED" | "FAILED";
  readonly paymentType: "one_time" | "recurring";
  /** Yours. HighLevel documents no de-duplication by it. */
  readonly paymentId?: string;
  readonly subscriptionId?: string;
}

/** Identifies a target among others. */
export function targetKey(target: BillingTarget): string {
  return target.authType === "company" ? `company ${target.companyId}` : `location ${target.locationId}`;
}

function checkTarget(target: BillingTarget): void {
  const id = target.authType === "company" ? target.companyId : target.locationId;
  if (typeof id !== "string" || id === "") throw new ConfigurationError("a target has no id");
}

/** The body of one report. @throws {ConfigurationError} */
export function paymentBody(clientId: string, target: BillingTarget, payment: BillingPayment): Record<string, unknown> {
  checkTarget(target);
  const { amount, status, paymentType, paymentId, subscriptionId } = payment;
  if (!Number.isFinite(amount) || amount < 0) throw new ConfigurationError("amount must be 0 or more");
  if (status !== "COMPLETED" && status !== "FAILED") {
    throw new ConfigurationError("status must be COMPLETED or FAILED");
  }
  if (paymentType !== "one_time" && paymentType !== "recurring") {
    throw new ConfigurationError("paymentType must be one_time or recurring");
  }
  return {
    clientId,
    authType: target.authType,
    ...(target.authType === "company" ? { companyId: target.companyId } : { locationId: target.locationId }),
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    ...(paymentId === undefined ? {} : { paymentId }),
    amount,
    status,
    paymentType,
  };
}
