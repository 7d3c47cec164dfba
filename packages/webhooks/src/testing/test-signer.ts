import { toBase64 } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { eventName } from "../events/event-of.ts";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import { ED25519_HEADER } from "../verify/headers.ts";
import { sampleEvent } from "./sample.ts";

type TestKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** An Ed25519 key pair of WebCrypto with an extractable public key. */
export interface TestKeyPair {
  readonly publicKey: TestKey;
  readonly privateKey: TestKey;
}

/** Options of `TestSigner.request`. */
export interface TestRequestOptions {
  /** Webhook URL. Default: an example URL, with `?event=` for an event that is documented without a usable `type`. */
  readonly url?: string;
  /** Headers that replace or extend those of the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that replace or extend those of the sample. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Whether the sample has the envelope: see `SampleOptions`. Without it, the sample still has a `timestamp`. Default: true. */
  readonly envelope?: boolean;
  /** Returns the sample's `timestamp` in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Signs deliveries as HighLevel does, with a test key. */
export interface TestSigner {
  /** The public key as SPKI base64. Pass it to the code under test: `keys: [signer.publicKey]`. */
  readonly publicKey: string;
  /**
   * Signs a body.
   *
   * @param body - The body, byte for byte
   * @returns The value of `X-GHL-Signature`
   */
  sign(body: string | Uint8Array): Promise<string>;
  /**
   * Creates a signed POST request with a sample of the named event, dated now, or with the given payload as it is.
   *
   * @param event - Name of the event, or a payload
   * @param options - URL, headers, and fields of the sample
   * @returns The request
   */
  request(event: WebhookEventName | object, options?: TestRequestOptions): Promise<Request>;
}

function urlFor(name: WebhookEventName | undefined): string {
  const untyped = name === undefined ? undefined : EVENT_TABLE[name].untyped;
  const query = untyped !== undefined && untyped !== "undocumented" ? `?event=${name}` : "";
  return `https://receiver.example/webhooks${query}`;
}

/**
 * Creates a signer that signs requests as HighLevel does.
 *
 * @param keyPair - Key pair to sign with. Default: a new one
 * @returns The signer
 * @example
 * ```ts
 * import { createWebhookHandler } from "@ghl-edge/webhooks";
 * import { createTestSigner } from "@ghl-edge/webhooks/testing";
 *
 * const signer = await createTestSigner();
 * const webhooks = createWebhookHandler({
 *   keys: [signer.publicKey],
 *   appId: "5f0000000000000000000001", // the samples name this app
 *   on: { InvoicePaid: (invoice) => console.log(invoice.total) },
 * });
 * const response = await webhooks(await signer.request("InvoicePaid"));
 * console.log(response.status); // 200
 * ```
 */
export async function createTestSigner(keyPair?: TestKeyPair): Promise<TestSigner> {
  const pair = keyPair ?? ((await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as TestKeyPair);
  const publicKey = toBase64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const encoder = new TextEncoder();

  async function sign(body: string | Uint8Array): Promise<string> {
    const bytes = typeof body === "string" ? encoder.encode(body) : (body as Bytes);
    return toBase64(new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes)));
  }

  return {
    publicKey,
    sign,
    async request(event, { url, headers, fields = {}, envelope = true, now = Date.now } = {}) {
      const name = typeof event === "string" ? eventName(event) : undefined;
      if (typeof event === "string" && name === undefined)
        throw new TypeError(`event must be the name of an event, got ${JSON.stringify(event)}`);
      const stamped = { timestamp: new Date(now()).toISOString(), ...fields };
      const payload = name === undefined ? event : sampleEvent(name, stamped, { envelope });
      const body = JSON.stringify(payload);
      return new Request(url ?? urlFor(name), {
        method: "POST",
        headers: { "content-type": "application/json", [ED25519_HEADER]: await sign(body), ...headers },
        body,
      });
    },
  };
}
