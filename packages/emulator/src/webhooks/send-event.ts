import type { CoreContext } from "../core/core-context.ts";
import { postWebhookRequest } from "./post-request.ts";
import { createWebhookRequest, envelope, type WebhookKeys, type WebhookRequest } from "./webhook-request.ts";

/** A webhook event that was sent, with the answer to it. */
export interface SentEvent {
  readonly webhookId: string;
  /** Exactly the bytes that were signed and sent, as text. */
  readonly body: string;
  readonly signature: string;
  /** Status of the answer. */
  readonly status: number;
}

/** Options of `sendEvent`. */
export interface SendEventOptions {
  /** Address that the event is posted to. */
  readonly url: string;
  /** Sent with the same body and signature as this earlier event: a redelivery. */
  readonly redelivery?: SentEvent;
}

/**
 * Posts one signed event. `payload` fields win over the envelope's, so that a test can send any time, app or id.
 * An empty `type` writes none: HighLevel sends events that do not name themselves. The receiver's answer is reported, not
 * judged: `webhooks.deliver` repeats.
 */
export async function sendEvent(
  context: CoreContext,
  keys: WebhookKeys,
  event: {
    readonly type: string;
    readonly payload: Readonly<Record<string, unknown>>;
    readonly options: SendEventOptions;
  },
): Promise<SentEvent> {
  const { type, options } = event;
  const payload = { ...(type === "" ? {} : { type }), ...envelope(context), ...event.payload };
  const webhookRequest: WebhookRequest = options.redelivery ?? (await createWebhookRequest(keys, payload));
  const status = await postWebhookRequest(context, webhookRequest, {
    event: type,
    url: options.url,
    attempt: options.redelivery ? 2 : 1,
  });
  return {
    webhookId: webhookRequest.webhookId,
    body: webhookRequest.body,
    signature: webhookRequest.signature,
    status,
  };
}
