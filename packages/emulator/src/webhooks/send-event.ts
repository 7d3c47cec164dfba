import type { CoreContext } from "../core/core-context.ts";
import { envelope, type Letter, type WebhookKeys, writeLetter } from "./letter.ts";
import { postLetter } from "./post-letter.ts";

export interface SentEvent {
  readonly webhookId: string;
  /** Exactly the bytes that were signed and sent, as text. */
  readonly body: string;
  readonly signature: string;
  readonly status: number;
}

export interface SendEventOptions {
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
    readonly url: string;
    readonly options: SendEventOptions;
  },
): Promise<SentEvent> {
  const { type, url, options } = event;
  const payload = { ...(type === "" ? {} : { type }), ...envelope(context), ...event.payload };
  const letter: Letter = options.redelivery ?? (await writeLetter(keys, payload));
  const status = await postLetter(context, letter, { event: type, url, attempt: options.redelivery ? 2 : 1 });
  return { webhookId: letter.webhookId, body: letter.body, signature: letter.signature, status };
}
