import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import type { ChargeSnapshot, SubscriptionSnapshot } from "./snapshot.ts";

/** The location of an event and its credentials. */
export interface PaymentEventTenant {
  readonly locationId: string;
  /** The API key with which you connected the location. It authenticates the event. */
  readonly apiKey: string;
}

/**
 * Event of your payment provider in the format of HighLevel.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 11
 */
export type PaymentEvent =
  | (PaymentEventTenant & {
      readonly event: "payment.captured";
      readonly chargeId: string;
      readonly ghlTransactionId: string;
      readonly chargeSnapshot: ChargeSnapshot;
    })
  | (PaymentEventTenant & {
      readonly event: "subscription.updated";
      readonly ghlSubscriptionId: string;
      readonly subscriptionSnapshot: SubscriptionSnapshot;
    })
  | (PaymentEventTenant & {
      readonly event: "subscription.trialing" | "subscription.active";
      readonly chargeId: string;
      readonly ghlTransactionId: string;
      readonly ghlSubscriptionId: string;
      readonly marketplaceAppId: string;
      readonly chargeSnapshot?: ChargeSnapshot;
      readonly subscriptionSnapshot?: SubscriptionSnapshot;
    })
  | (PaymentEventTenant & {
      readonly event: "subscription.charged";
      readonly chargeId: string;
      readonly ghlSubscriptionId: string;
      readonly ghlTransactionId?: string;
      readonly subscriptionSnapshot: SubscriptionSnapshot;
      readonly chargeSnapshot: ChargeSnapshot;
    });

const REQUIRED: Readonly<Record<PaymentEvent["event"], readonly string[]>> = {
  "payment.captured": ["chargeId", "ghlTransactionId", "chargeSnapshot"],
  "subscription.updated": ["ghlSubscriptionId", "subscriptionSnapshot"],
  "subscription.trialing": ["chargeId", "ghlTransactionId", "ghlSubscriptionId", "marketplaceAppId"],
  "subscription.active": ["chargeId", "ghlTransactionId", "ghlSubscriptionId", "marketplaceAppId"],
  "subscription.charged": ["chargeId", "ghlSubscriptionId", "subscriptionSnapshot", "chargeSnapshot"],
};

/** @throws {ConfigurationError} with the name of the field but not its value */
export function checkPaymentEvent(event: PaymentEvent): void {
  if (!Object.hasOwn(REQUIRED, event.event))
    throw new ConfigurationError(
      `event must be one of ${Object.keys(REQUIRED).join(", ")}, got ${describeValue(event.event)}`,
    );
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  for (const name of ["locationId", "apiKey", ...REQUIRED[event.event]]) {
    const value = fields[name];
    if (value === undefined || value === null || value === "") throw new ConfigurationError(`${name} is missing`);
  }
}

/**
 * Returns whether the event reports a state, so that sending it twice has no further effect. `subscription.charged` adds a charge to
 * HighLevel's list.
 */
export function isStateEvent(event: PaymentEvent): boolean {
  return event.event !== "subscription.charged";
}
