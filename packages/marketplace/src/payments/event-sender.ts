import { type RetryOptions, retryPolicy, sendRepeatedly } from "../http/repeat.ts";
import { checkTimeoutMs, resolveUrl, type SendOptions } from "../http/send.ts";
import { resolveRuntime } from "../runtime.ts";
import { checkPaymentEvent, isStateEvent, type PaymentEvent } from "./event.ts";

/** @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), section 11.1 */
const EVENTS_BASE_URL = "https://backend.leadconnectorhq.com";
const EVENTS_PATH = "payments/custom-provider/webhook";

export interface PaymentEventSenderOptions extends SendOptions {
  /**
   * `repeatUnknown` is true by default for the events that say how things stand, and false for `subscription.charged`, which could be
   * counted twice. What is given here holds for all.
   */
  readonly retry?: RetryOptions;
}

export interface PaymentEventSender {
  /**
   * Tells HighLevel. Resolves when it accepted the event.
   *
   * @throws {SendError} with `ambiguous` saying whether it may have been taken all the same; or the signal's reason.
   * @throws {ConfigurationError} where the event lacks a field.
   */
  send(event: PaymentEvent, options?: { readonly signal?: AbortSignal }): Promise<void>;
}

/** Makes a sender of your payment provider's events. @throws {ConfigurationError} */
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
      await sendRepeatedly(runtime, request, policy);
    },
  };
}
