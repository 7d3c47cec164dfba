import { dedupeKey } from "../dedupe/dedupe-key.ts";
import type { ClassifiedEvent } from "../events/event.ts";
import { eventOf } from "../events/event-of.ts";
import { type Tenant, tenantOf } from "../events/tenant.ts";
import type { Delivery } from "./signed-body.ts";
import type { VerifierOptions } from "./verifier-options.ts";
import { createWebhookVerifier, type VerifiedWebhook, type WebhookVerifier } from "./verify.ts";

/** What is known of a genuine delivery beside the event itself. */
export interface DeliveryDetails {
  /**
   * Computes the key that is equal for every redelivery of this event: see `dedupeKey`. A function, because a hash that nobody
   * uses would cost each delivery a turn of the crypto queue.
   */
  readonly dedupeKey: () => Promise<string>;
  readonly tenant: Tenant;
  readonly verified: VerifiedWebhook;
}

/** A genuine event with its name and payload. Narrow by `name`. */
export type ParsedWebhook = ClassifiedEvent & DeliveryDetails;

export interface ParseOptions {
  /** The event whose URL this is, for those that do not name themselves: `InvoicePaid`. */
  readonly hint?: string | undefined;
  /**
   * True: the hint cannot be a stranger's, because the URL holds a secret or is not public. Default false: where several events fit,
   * the hint counts only when the signed body names an app of the option `appId` (`verified.isOwnApp`). HighLevel signs for every app
   * with one key, so other apps of the same location hold the very bodies that name no app, and bodies that name theirs.
   */
  readonly hintIsTrusted?: boolean | undefined;
  /**
   * True: for a body that does not name your app, a hint that is not proven decides nothing, even where one event fits. Default false. Use it with
   * URLs that hold a secret: a conversation provider's message says nowhere whose provider it is for.
   */
  readonly hintMustBeTrusted?: boolean | undefined;
}

/** Verifies, parses and names one delivery with a verifier that is kept. Throws what the verifier throws. */
export async function parseWith(
  verifier: WebhookVerifier,
  delivery: Delivery,
  { hint, hintIsTrusted = false, hintMustBeTrusted = false }: ParseOptions = {},
): Promise<ParsedWebhook> {
  const verified = await verifier.verify(delivery);
  const mayChoose = hintIsTrusted || verified.isOwnApp;
  const classified = eventOf(verified.payload, hint, { mayChoose, mayConfirm: !hintMustBeTrusted });
  // The body may yet come under the hint that names it, so it must not look like a repetition of itself without a name.
  const isNameable = classified.name === "unknown" && classified.candidates.length > 0;
  return {
    ...classified,
    dedupeKey: () => dedupeKey(verified, isNameable ? { named: false } : {}),
    tenant: tenantOf(classified),
    verified,
  };
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
