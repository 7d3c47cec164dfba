import type { EmulatorContext } from "../core/context.ts";
import { appIdOf } from "../core/options.ts";
import type { SigningKey } from "./signing-key.ts";

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

interface Letter {
  readonly webhookId: string;
  readonly body: string;
  readonly signature: string;
}

async function write(
  context: EmulatorContext,
  key: SigningKey,
  type: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<Letter> {
  const app = context.options.apps[0];
  const webhookId = context.random.uuid();
  const envelope = {
    ...(type === "" ? {} : { type }),
    timestamp: new Date(context.options.now()).toISOString(),
    webhookId,
    ...(app === undefined ? {} : { appId: appIdOf(app.clientId), versionId: appIdOf(app.clientId) }),
  };
  const body = JSON.stringify({ ...envelope, ...payload });
  return { webhookId, body, signature: await key.sign(new TextEncoder().encode(body)) };
}

/**
 * Posts one signed event. `payload` fields win over the envelope's, so that a test can send any time, app or id.
 * An empty `type` writes none: HighLevel sends events that do not name themselves. The receiver's answer is reported, not judged: retries are the caller's to simulate.
 */
export async function sendEvent(
  context: EmulatorContext,
  key: SigningKey,
  event: {
    readonly type: string;
    readonly payload: Readonly<Record<string, unknown>>;
    readonly url: string;
    readonly options: SendEventOptions;
  },
): Promise<SentEvent> {
  const letter: Letter = event.options.redelivery ?? (await write(context, key, event.type, event.payload));
  const { webhookId, body, signature } = letter;
  const request = new Request(event.url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-ghl-signature": signature },
    body,
  });
  const response = await context.options.fetch(request);
  await response.body?.cancel();
  return { webhookId, body, signature, status: response.status };
}
