import { resolveRuntime } from "@ghl-edge/core";
import { type RetryOptions, retryPolicy, sendWithRetries } from "../http/retry.ts";
import { checkTimeoutMs, resolveUrl, type SendOptions } from "../http/send.ts";
import { checkPaymentEvent, isStateEvent, type PaymentEvent } from "./event.ts";

/** @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 11.1 */
const EVENTS_BASE_URL = "https://backend.leadconnectorhq.com";
const EVENTS_PATH = "payments/custom-provider/webhook";

/** Options of `createPaymentEventSender`. */
export interface PaymentEventSenderOptions extends SendOptions {
  /**
   * Retries. By default `repeatUnknown` is true for the events that report a state, and false for `subscription.charged`, which could
   * count twice. A value here applies to all events.
   */
  readonly retry?: RetryOptions;
}

/** Sends events of your payment provider to HighLevel. */
export interface PaymentEventSender {
  /**
   * Sends an event. Resolves when HighLevel accepted it. Rejects with the signal's reason when it was aborted.
   *
   * @param event - The event
   * @param options - A signal
   * @throws {SendError} when HighLevel did not accept it. `ambiguous` says whether HighLevel may have recorded it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  send(event: PaymentEvent, options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/**
 * Creates a sender of your payment provider's events.
 *
 * @param options - Retries and time limit
 * @returns The sender
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 11.1
 * @example
 * ```ts
 * import { createPaymentEventSender, type PaymentEvent } from "@ghl-edge/marketplace/payments";
 *
 * const events = createPaymentEventSender();
 *
 * export async function captured(event: PaymentEvent): Promise<void> {
 *   await events.send(event);
 * }
 * ```
 */
export function createPaymentEventSender(options: PaymentEventSenderOptions = {}): PaymentEventSender {
  const url = resolveUrl(EVENTS_PATH, options.baseUrl ?? EVENTS_BASE_URL);
  const timeoutMs = checkTimeoutMs(options.timeoutMs);
  const policies = { state: retryPolicy(options.retry, true), charge: retryPolicy(options.retry, false) };
  const runtime = resolveRuntime(options);
  return {
    async send(event, settings) {
      checkPaymentEvent(event);
      const policy = isStateEvent(event) ? policies.state : policies.charge;
      const request = { method: "POST", url, headers: {}, json: event, timeoutMs, signal: settings?.signal } as const;
      await sendWithRetries(runtime, request, policy);
    },
  };
}
