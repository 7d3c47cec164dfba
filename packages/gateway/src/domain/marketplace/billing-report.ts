import { isObject, type Resource } from "@ghl-edge/core";
import type { BillingPayment, BillingResult, BillingTarget } from "@ghl-edge/marketplace/billing";
import * as v from "valibot";
import { isResourceId } from "../resource.ts";

/** Targets of one request. They are reported one after the other while the caller waits. */
export const MAX_TARGETS = 50;

const TARGETS = `a list of 1 to ${MAX_TARGETS} targets`;
const ID = "an id of HighLevel's";
const id = v.pipe(v.string(ID), v.check(isResourceId, ID));

const target = v.variant(
  "authType",
  [
    v.strictObject({ authType: v.literal("location"), locationId: id }),
    v.strictObject({ authType: v.literal("company"), companyId: id }),
  ],
  "location or company",
);

/** The body of `POST /marketplace/billing/:app/payments`: a payment, and for whom it was taken. The package checks the payment itself. */
export const billingReport = v.strictObject({
  targets: v.pipe(v.array(target, TARGETS), v.minLength(1, TARGETS), v.maxLength(MAX_TARGETS, TARGETS)),
  payment: v.custom<BillingPayment>(isObject, "an object"),
});

export type BillingReport = v.InferOutput<typeof billingReport>;

/** The result of one report, as the app's back end sees it. */
export interface BillingAnswer {
  readonly target: BillingTarget;
  readonly outcome: BillingResult["outcome"];
  /** Code of the refusal; null: the report was accepted, or not sent. */
  readonly code: string | null;
}

export const resourceOfTarget = (target: BillingTarget): Resource =>
  target.authType === "company"
    ? { kind: "company", id: target.companyId }
    : { kind: "location", id: target.locationId };

export const billingAnswer = ({ target, outcome, error }: BillingResult): BillingAnswer => ({
  target,
  outcome,
  code: error?.code ?? null,
});
