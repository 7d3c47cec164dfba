import { ConfigurationError } from "../errors.ts";
import type { SendResult } from "../http/outcome.ts";
import { createDelivery, type DeliveryOptions, payloadOf, type WorkflowSenderOptions } from "./delivery.ts";
import { inboundUrl } from "./inbound-url.ts";
import { trustedHosts, type UrlLike } from "./url.ts";

/** @see docs/design/marketplace.md, "Inbound Webhook trigger" */
const METHODS = ["POST", "GET", "PUT"] as const;

export interface InboundSendOptions extends DeliveryOptions {
  /** Default POST. GET writes the payload into the URL, where proxies and logs keep it, and carries no nested values. */
  readonly method?: (typeof METHODS)[number];
}

export interface InboundWebhookResult extends SendResult {
  /** HighLevel's id of an accepted request, by which the trigger's settings find it; absent where the answer had none. */
  readonly id?: string;
}

export interface InboundWebhookSender<Payload extends object = object> {
  /**
   * Starts the workflow. `accepted` says that HighLevel took the request, not what the workflow did with it: it needs an `email` or a
   * `phone`, unless its step that creates the contact was removed, and cannot use arrays in its custom values.
   *
   * @throws {InboundWebhookUrlError | ConfigurationError} or the signal's reason, each before anything is sent.
   */
  send(url: UrlLike, payload: Payload, options?: InboundSendOptions): Promise<InboundWebhookResult>;
}

/** The payload as a query. @throws {ConfigurationError} */
function addToQuery(url: URL, payload: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(payload)) {
    if (value === null) continue;
    if (typeof value === "object") throw new ConfigurationError("a payload sent by GET has no nested values");
    url.searchParams.set(name, String(value));
  }
}

/**
 * Makes a sender for Inbound Webhook triggers. `Payload`: what the workflow was mapped to.
 *
 * @throws {ConfigurationError}
 * @see https://help.gohighlevel.com/support/solutions/articles/48001237383 (edition of 2025-02-27)
 */
export function createInboundWebhookSender<Payload extends object = object>(
  options: WorkflowSenderOptions = {},
): InboundWebhookSender<Payload> {
  const hosts = trustedHosts(options);
  const deliver = createDelivery(options);
  return {
    async send(target, payload, { method = "POST", signal, idempotency } = {}) {
      if (!METHODS.includes(method)) throw new ConfigurationError("method must be POST, GET or PUT");
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
