import { dedupeKey } from "../dedupe/dedupe-key.ts";
import type { ClassifiedEvent } from "../events/event.ts";
import { eventOf } from "../events/event-of.ts";
import { type Tenant, tenantOf } from "../events/tenant.ts";
import type { Delivery } from "./signed-body.ts";
import type { VerifierOptions } from "./verifier-options.ts";
import { createWebhookVerifier, type VerifiedWebhook, type WebhookVerifier } from "./verify.ts";

/** Details of a genuine delivery. */
export interface DeliveryDetails {
  /**
   * Computes the key that is equal for every redelivery of this event: see `dedupeKey`. It is a function, because an unused hash would
   * cost each delivery one more round trip to the crypto queue.
   */
  readonly dedupeKey: () => Promise<string>;
  /** The location and the company of the event. */
  readonly tenant: Tenant;
  /** The verified signature, bytes and metadata. */
  readonly verified: VerifiedWebhook;
}

/** A genuine event with its name and payload. Narrow it by `name`. */
export type ParsedWebhook = ClassifiedEvent & DeliveryDetails;

/** Options of `parseWebhook`. */
export interface ParseOptions {
  /** Event name of this URL, such as `InvoicePaid`, for events that are documented without a usable `type`. */
  readonly hint?: string | undefined;
  /**
   * Whether the hint is certainly yours, because the URL contains a secret or is not public. Default: false. With false, a hint selects
   * one of several possible events only when the signed body names your app (option `appId`, see `verified.isOwnApp`).
   *
   * The reason is that HighLevel signs the events of all apps with one key. A stranger whose app is installed in the same location also
   * receives genuine bodies, and can post one to your URL with a hint of their choice.
   */
  readonly hintIsTrusted?: boolean | undefined;
  /**
   * Whether to ignore an untrusted hint for every body that does not name your app. Default: false. With false, such a hint may still
   * confirm the only event that fits. Set it when your URLs contain a secret: a conversation provider's message does not name its provider.
   */
  readonly hintMustBeTrusted?: boolean | undefined;
}

/** Verifies, parses and names one delivery. Throws the errors of the verifier. */
export async function parseWith(
  verifier: WebhookVerifier,
  delivery: Delivery,
  { hint, hintIsTrusted = false, hintMustBeTrusted = false }: ParseOptions = {},
): Promise<ParsedWebhook> {
  const verified = await verifier.verify(delivery);
  const mayChoose = hintIsTrusted || verified.isOwnApp;
  const classified = eventOf(verified.payload, hint, { mayChoose, mayConfirm: !hintMustBeTrusted });
  // The body may arrive again under a hint that names it. It must not then count as a duplicate of the unnamed delivery.
  const isNameable = classified.name === "unknown" && classified.candidates.length > 0;
  return {
    ...classified,
    dedupeKey: () => dedupeKey(verified, isNameable ? { named: false } : {}),
    tenant: tenantOf(classified),
    verified,
  };
}

/**
 * Verifies, parses and names one delivery. With a `verifier`, its options apply and its keys are not imported again. An event without a
 * name is returned as `name: "unknown"` and is not an error.
 *
 * @param delivery - Body and headers, with the options of a verifier or a verifier
 * @returns The event with its name, payload and details
 * @throws {WebhookError} when the delivery is not genuine, or is not JSON
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWebhookVerifier, parseWebhook } from "@ghl-edge/webhooks";
 *
 * const verifier = createWebhookVerifier({ appId: "5f0000000000000000000001" });
 *
 * export async function receive(request: Request): Promise<void> {
 *   const webhook = await parseWebhook({ verifier, body: await request.arrayBuffer(), headers: request.headers });
 *   if (webhook.name === "ContactCreate") console.log(webhook.event.email);
 * }
 * ```
 */
export async function parseWebhook(
  delivery: Delivery & ParseOptions & (VerifierOptions | { readonly verifier: WebhookVerifier }),
): Promise<ParsedWebhook> {
  const verifier = "verifier" in delivery ? delivery.verifier : createWebhookVerifier(delivery);
  return await parseWith(verifier, delivery, delivery);
}
