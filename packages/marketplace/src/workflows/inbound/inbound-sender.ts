import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "../../errors.ts";
import type { SendResult } from "../../http/outcome.ts";
import { createDelivery, type DeliveryOptions, payloadOf, type WorkflowSenderOptions } from "../delivery.ts";
import { trustedHosts, type UrlLike } from "../url.ts";
import { inboundUrl } from "./inbound-url.ts";

/** @see docs/design/marketplace.md, "Inbound Webhook trigger" */
const METHODS = ["POST", "GET", "PUT"] as const;

/** Options of `InboundWebhookSender.send`. */
export interface InboundSendOptions extends DeliveryOptions {
  /** HTTP method. Default: POST. GET puts the payload into the URL, which proxies and logs store, and cannot send nested values. */
  readonly method?: (typeof METHODS)[number];
}

/** Result of a request that starts a workflow. */
export interface InboundWebhookResult extends SendResult {
  /** HighLevel's id of an accepted request, for the trigger's settings; absent when the answer had none. */
  readonly id?: string;
}

/** Starts workflows through Inbound Webhook triggers. */
export interface InboundWebhookSender<Payload extends object = object> {
  /**
   * Starts the workflow. `accepted` means that HighLevel accepted the request, and says nothing about the workflow. The workflow needs an
   * `email` or a `phone`, unless its step that creates the contact was removed. It cannot use arrays in its custom values. Rejects with
   * the signal's reason when it was aborted before anything was sent.
   *
   * @param url - URL of the Inbound Webhook trigger
   * @param payload - Fields that the workflow gets
   * @param options - A signal
   * @returns The outcome
   * @throws {InboundWebhookUrlError} when it is not such a URL (`ERR_GHL_INBOUND_WEBHOOK_URL`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  send(url: UrlLike, payload: Payload, options?: InboundSendOptions): Promise<InboundWebhookResult>;
}

/** Adds the payload to the query. @throws {ConfigurationError} for a nested value */
function addToQuery(url: URL, payload: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(payload)) {
    if (value === null) continue;
    if (typeof value === "object")
      throw new ConfigurationError(
        `payload must have no nested values when the method is GET, got one in ${describeValue(name)}`,
      );
    url.searchParams.set(name, String(value));
  }
}

/**
 * Creates a sender for Inbound Webhook triggers. `Payload` is the type that the workflow was mapped to.
 *
 * @param options - Trusted hosts, retries and time limit
 * @returns The sender
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://help.gohighlevel.com/support/solutions/articles/48001237383 (edition of 2025-02-27)
 * @example
 * ```ts
 * import { createInboundWebhookSender } from "@ghl-edge/marketplace/workflows";
 *
 * const workflow = createInboundWebhookSender<{ email: string }>();
 *
 * export async function start(url: string): Promise<string> {
 *   const { outcome } = await workflow.send(url, { email: "ada@example.com" });
 *   return outcome;
 * }
 * ```
 */
export function createInboundWebhookSender<Payload extends object = object>(
  options: WorkflowSenderOptions = {},
): InboundWebhookSender<Payload> {
  const hosts = trustedHosts(options);
  const deliver = createDelivery(options);
  return {
    async send(target, payload, { method = "POST", signal, idempotency } = {}) {
      if (!METHODS.includes(method))
        throw new ConfigurationError(`method must be POST, GET or PUT, got ${describeValue(method)}`);
      const url = inboundUrl(target, hosts);
      const json = payloadOf(payload, idempotency);
      if (method === "GET") addToQuery(url, json);
      const { answer, ...result } = await deliver({
        method,
        url,
        headers: {},
        ...(method === "GET" ? {} : { json }),
        endpoint: "the inbound webhook",
        signal,
      });
      const { id } = Object(answer?.body) as { id?: unknown };
      return { ...result, ...(typeof id === "string" && id !== "" ? { id } : {}) };
    },
  };
}
