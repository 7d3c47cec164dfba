import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import type { BillingTarget } from "./redirect.ts";

/** A payment that your app took or failed to take, in the format of HighLevel. */
export interface BillingPayment {
  /** Amount billed to this target, in the currency's main unit (dollars). */
  readonly amount: number;
  readonly status: "COMPLETED" | "FAILED";
  readonly paymentType: "one_time" | "recurring";
  /** Your id of the payment. HighLevel does not document that it de-duplicates by it. */
  readonly paymentId?: string;
  readonly subscriptionId?: string;
}

/** Returns a key that identifies a target. */
export function targetKey(target: BillingTarget): string {
  return target.authType === "company" ? `company ${target.companyId}` : `location ${target.locationId}`;
}

function checkTarget(target: BillingTarget): void {
  const id = target.authType === "company" ? target.companyId : target.locationId;
  if (typeof id !== "string" || id === "")
    throw new ConfigurationError(`each target must have an id, got ${describeValue(id)}`);
}

/** Returns the body of one report. @throws {ConfigurationError} for an invalid payment */
export function paymentBody(clientId: string, target: BillingTarget, payment: BillingPayment): Record<string, unknown> {
  checkTarget(target);
  const { amount, status, paymentType, paymentId, subscriptionId } = payment;
  if (!Number.isFinite(amount) || amount < 0)
    throw new ConfigurationError(`amount must be a number of 0 or more, got ${describeValue(amount)}`);
  if (status !== "COMPLETED" && status !== "FAILED") {
    throw new ConfigurationError(`status must be COMPLETED or FAILED, got ${describeValue(status)}`);
  }
  if (paymentType !== "one_time" && paymentType !== "recurring") {
    throw new ConfigurationError(`paymentType must be one_time or recurring, got ${describeValue(paymentType)}`);
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
