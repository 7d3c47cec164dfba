import { dedupeKey } from "./dedupe-key.ts";
import type { ClassifiedEvent } from "./event.ts";
import { eventOf } from "./event-of.ts";
import type { VerifierOptions } from "./options.ts";
import type { Delivery } from "./signed-body.ts";
import { type Tenant, tenantOf } from "./tenant.ts";
import { createWebhookVerifier, type VerifiedWebhook, type WebhookVerifier } from "./verify.ts";

/** What is known of a genuine delivery beside the event itself. */
export interface DeliveryDetails {
  /** Equal for every redelivery of this event: see `dedupeKey`. */
  readonly dedupeKey: string;
  readonly tenant: Tenant;
  readonly verified: VerifiedWebhook;
}

/** A genuine event with its name and payload. Narrow by `name`. */
export type ParsedWebhook = ClassifiedEvent & DeliveryDetails;

export interface ParseOptions {
  /** The event whose URL this is, for those that do not name themselves: `InvoicePaid`. */
  readonly hint?: string | undefined;
}

/** Verifies, parses and names one delivery with a verifier that is kept. Throws what the verifier throws. */
export async function parseWith(
  verifier: WebhookVerifier,
  delivery: Delivery,
  { hint }: ParseOptions = {},
): Promise<ParsedWebhook> {
  const verified = await verifier.verify(delivery);
  const classified = eventOf(verified.payload, hint);
  return { ...classified, dedupeKey: await dedupeKey(verified), tenant: tenantOf(classified), verified };
}

/**
 * Verifies, parses and names one delivery: `await parseWebhook({ body, headers, appId })`. With a `verifier` its options count
 * and its keys are not imported again. An event that has no name comes back as `name: "unknown"`, not as an error.
 */
export async function parseWebhook(
  delivery: Delivery & ParseOptions & (VerifierOptions | { readonly verifier: WebhookVerifier }),
): Promise<ParsedWebhook> {
  const verifier = "verifier" in delivery ? delivery.verifier : createWebhookVerifier(delivery);
  return await parseWith(verifier, delivery, delivery);
}
