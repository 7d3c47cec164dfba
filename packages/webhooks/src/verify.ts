import type { Bytes } from "./encoding.ts";
import {
  NotJsonError,
  SignatureMalformedError,
  SignatureMismatchError,
  SignatureMissingError,
  type SignatureScheme,
} from "./errors.ts";
import { signatureHeader, type WebhookHeaders } from "./headers.ts";
import { readSettings, type VerifierOptions } from "./options.ts";
import { readSchemes } from "./scheme.ts";
import { readSignedFacts, type SignedFacts } from "./signed-facts.ts";

/** One delivery as it came in. */
export interface Delivery {
  /** The body exactly as received: bytes, or the text they were. Never an object that was parsed and written again. */
  readonly body: Uint8Array | ArrayBuffer | string;
  readonly headers: WebhookHeaders;
}

export interface VerifiedSignature {
  readonly scheme: SignatureScheme;
  /** Which of the scheme's keys signed, by its place in the options. */
  readonly keyIndex: number;
}

/** A delivery whose signature, app and time are as the options ask. */
export interface VerifiedWebhook extends VerifiedSignature, SignedFacts {
  /** The body, parsed. Genuine, but of no checked form: see `schemas`. */
  readonly payload: unknown;
  /** The signed bytes. */
  readonly body: Uint8Array;
}

/** Verifies deliveries with keys that are imported once and live as long as this object. */
export interface WebhookVerifier {
  /**
   * Signature, JSON, app and time. Throws a WebhookError; what it returns is genuine. With `outsideWindow: "report"` look at
   * `freshness` before acting.
   */
  verify(delivery: Delivery): Promise<VerifiedWebhook>;
  /** The signature alone: no JSON, no app, no time. */
  verifySignature(delivery: Delivery): Promise<VerifiedSignature>;
}

function bytesOf(body: Delivery["body"], encoder: TextEncoder): Bytes {
  if (typeof body === "string") return encoder.encode(body);
  return (body instanceof Uint8Array ? body : new Uint8Array(body)) as Bytes;
}

/** Throws WebhookConfigurationError at once when an option cannot be used. */
export function createWebhookVerifier(options: VerifierOptions = {}): WebhookVerifier {
  const settings = readSettings(options);
  const schemes = readSchemes(options);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { fatal: true });

  async function verifyBytes(bytes: Bytes, headers: WebhookHeaders): Promise<VerifiedSignature> {
    for (const { name, header, decode, algorithm, keys } of schemes) {
      const value = signatureHeader(headers, header);
      if (value === undefined) continue;
      const signature = decode(value);
      if (signature === undefined) throw new SignatureMalformedError(name);
      for (let keyIndex = 0; keyIndex < keys.length; keyIndex++) {
        const { imported, load } = keys[keyIndex]!;
        const key = imported() ?? (await load());
        // HMAC too is compared by WebCrypto, in constant time.
        if (await crypto.subtle.verify(algorithm, key, signature, bytes)) return { scheme: name, keyIndex };
      }
      // No fall-through: a delivery that brings a wrong signature is not saved by another header.
      throw new SignatureMismatchError(name);
    }
    throw new SignatureMissingError("no header of a signature that is switched on");
  }

  function parse(body: Delivery["body"], bytes: Bytes): unknown {
    try {
      return JSON.parse(typeof body === "string" ? body : decoder.decode(bytes));
    } catch {
      // The engine's own error quotes the body, so it is not passed on as the cause.
      throw new NotJsonError("signed, but not JSON in UTF-8");
    }
  }

  return {
    verifySignature: ({ body, headers }) => verifyBytes(bytesOf(body, encoder), headers),
    async verify({ body, headers }) {
      const bytes = bytesOf(body, encoder);
      const { scheme, keyIndex } = await verifyBytes(bytes, headers);
      const payload = parse(body, bytes);
      return { scheme, keyIndex, payload, body: bytes, ...readSignedFacts(payload, settings) };
    },
  };
}

/**
 * Verifies one delivery: `await verifyWebhook({ body, headers, appId })`. Imports the keys each time; where many deliveries
 * come, make one `createWebhookVerifier` and keep it.
 */
export async function verifyWebhook(delivery: Delivery & VerifierOptions): Promise<VerifiedWebhook> {
  return createWebhookVerifier(delivery).verify(delivery);
}
