import { type Bytes, toBase64 } from "../encoding.ts";
import { eventName } from "../events/event-of.ts";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import { ED25519_HEADER } from "../verify/headers.ts";
import { sampleEvent } from "./sample.ts";

type TestKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** An Ed25519 key pair of WebCrypto, the public key extractable. */
export interface TestKeyPair {
  readonly publicKey: TestKey;
  readonly privateKey: TestKey;
}

export interface TestRequestOptions {
  /** Default: a made-up URL, with `?event=` for an event that does not name itself. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that replace or add to those of a sample. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Whether a sample has the envelope: see `SampleOptions`. Without it, it is still stamped. Default true. */
  readonly envelope?: boolean;
  /** The time a sample is stamped with, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** Signs deliveries as HighLevel does, with a key of the test's own. */
export interface TestSigner {
  /** SPKI base64: give it to the code under test as `keys: [signer.publicKey]`. */
  readonly publicKey: string;
  /** The value of `X-GHL-Signature` for a body. */
  sign(body: string | Uint8Array): Promise<string>;
  /** A signed POST of a sample of the named event, stamped now, or of a payload as it is. */
  request(event: WebhookEventName | object, options?: TestRequestOptions): Promise<Request>;
}

function urlFor(name: WebhookEventName | undefined): string {
  const untyped = name === undefined ? undefined : EVENT_TABLE[name].untyped;
  const query = untyped !== undefined && untyped !== "undocumented" ? `?event=${name}` : "";
  return `https://receiver.example/webhooks${query}`;
}

/** Makes a signer, with a key pair of its own where none is given. */
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
      if (typeof event === "string" && name === undefined) throw new TypeError(`${event} is no event`);
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
