import type { BillingPayment, BillingResult, BillingTarget } from "@ghl-edge/marketplace/billing";
import { isResourceId, type Resource } from "./resource.ts";

/** They are reported one after the other, and somebody waits: whoever has more asks again. */
export const MAX_TARGETS = 50;

/** A payment, and for whom it was taken. */
export interface BillingReport {
  readonly targets: readonly BillingTarget[];
  /** As it was sent; the package checks it. */
  readonly payment: BillingPayment;
}

/** What became of one report, for the app's back end. */
export interface BillingAnswer {
  readonly target: BillingTarget;
  readonly outcome: BillingResult["outcome"];
  /** Why; null: it was accepted, or not sent. */
  readonly code: string | null;
}

function readTarget(value: unknown): BillingTarget | undefined {
  const { authType, locationId, companyId, ...rest } = Object(value) as Record<string, unknown>;
  const isId = (id: unknown): id is string => typeof id === "string" && isResourceId(id);
  if (Object.keys(rest).length > 0) return undefined;
  if (authType === "location" && companyId === undefined && isId(locationId)) return { authType, locationId };
  if (authType === "company" && locationId === undefined && isId(companyId)) return { authType, companyId };
  return undefined;
}

/** What is wrong with it, as text. */
export function readBillingReport(body: Readonly<Record<string, unknown>>): BillingReport | string {
  const { targets, payment, ...rest } = body;
  if (Object.keys(rest).length > 0) return "the body has targets and payment, and nothing else";
  if (!Array.isArray(targets) || targets.length === 0 || targets.length > MAX_TARGETS)
    return `targets is a list of 1 to ${MAX_TARGETS}`;
  const read = targets.flatMap((target) => readTarget(target) ?? []);
  if (read.length < targets.length)
    return "a target has authType location and a locationId, or authType company and a companyId";
  if (typeof payment !== "object" || payment === null) return "payment is an object";
  return { targets: read, payment: payment as BillingPayment };
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
