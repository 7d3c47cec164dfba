import { ConfigurationError } from "../errors.ts";
import type { ChargeSnapshot, SubscriptionSnapshot } from "./snapshot.ts";

interface OfLocation {
  readonly locationId: string;
  /** The key you connected the location with; it authenticates the event. */
  readonly apiKey: string;
}

/**
 * What you tell HighLevel of a payment, in its own shape.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 11
 */
export type PaymentEvent =
  | (OfLocation & {
      readonly event: "payment.captured";
      readonly chargeId: string;
      readonly ghlTransactionId: string;
      readonly chargeSnapshot: ChargeSnapshot;
    })
  | (OfLocation & {
      readonly event: "subscription.updated";
      readonly ghlSubscriptionId: string;
      readonly subscriptionSnapshot: SubscriptionSnapshot;
    })
  | (OfLocation & {
      readonly event: "subscription.trialing" | "subscription.active";
      readonly chargeId: string;
      readonly ghlTransactionId: string;
      readonly ghlSubscriptionId: string;
      readonly marketplaceAppId: string;
      readonly chargeSnapshot?: ChargeSnapshot;
      readonly subscriptionSnapshot?: SubscriptionSnapshot;
    })
  | (OfLocation & {
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

/** @throws {ConfigurationError} naming the field, never its value. */
export function checkPaymentEvent(event: PaymentEvent): void {
  if (!Object.hasOwn(REQUIRED, event.event)) throw new ConfigurationError("event is none that is known");
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  for (const name of ["locationId", "apiKey", ...REQUIRED[event.event]]) {
    const value = fields[name];
    if (value === undefined || value === null || value === "") throw new ConfigurationError(`${name} is missing`);
  }
}

/**
 * Whether the event says how things stand, so that saying it twice says nothing new. `subscription.charged` adds a charge to
 * HighLevel's list.
 */
export function isStateEvent(event: PaymentEvent): boolean {
  return event.event !== "subscription.charged";
}
