import type { Bytes } from "../encoding.ts";
import {
  SignatureMalformedError,
  SignatureMismatchError,
  SignatureMissingError,
  type SignatureScheme,
} from "../errors.ts";
import { signatureHeader, type WebhookHeaders } from "./headers.ts";
import type { InFlight } from "./in-flight.ts";
import { readSchemes, type Scheme } from "./scheme.ts";
import { createBodyReader, type Delivery } from "./signed-body.ts";
import { readSignedMetadata, type SignedMetadata } from "./signed-metadata.ts";
import { readSettings, type VerifierOptions } from "./verifier-options.ts";

export interface VerifiedSignature {
  readonly scheme: SignatureScheme;
  /** Which of the scheme's keys signed, by its place in the options. */
  readonly keyIndex: number;
}

/** A delivery whose signature, app and time are as the options ask. */
export interface VerifiedWebhook extends VerifiedSignature, SignedMetadata {
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

/** A verifier for a handler, which has begun with a delivery before it has its bytes. */
export interface HandlerVerifier extends WebhookVerifier {
  readonly inFlight: InFlight | undefined;
}

export function createHandlerVerifier(options: VerifierOptions): HandlerVerifier {
  const settings = readSettings(options);
  const { schemes, inFlight } = readSchemes(options);
  const reader = createBodyReader();

  /** The first scheme whose header is there decides alone. No fall-through: a wrong signature is not saved by another header. */
  function schemeOf(headers: WebhookHeaders): { scheme: Scheme; signature: Bytes } {
    for (const scheme of schemes) {
      const value = signatureHeader(headers, scheme.header);
      if (value === undefined) continue;
      const signature = scheme.decode(value);
      if (signature === undefined) throw new SignatureMalformedError(scheme.name);
      return { scheme, signature };
    }
    throw new SignatureMissingError("no header of a signature that is switched on");
  }

  /** Which key signed. */
  async function signingKey({ name, keys }: Scheme, signature: Bytes, bytes: Bytes): Promise<number> {
    for (const [index, key] of keys.entries()) {
      if (await key.verify(signature, bytes)) return index;
    }
    throw new SignatureMismatchError(name);
  }

  function keyIndexOf(scheme: Scheme, signature: Bytes, bytes: Bytes): Promise<number> {
    if (inFlight === undefined) return signingKey(scheme, signature, bytes);
    return inFlight.track(async () => {
      await undefined; // What begins at the same moment is counted before this one decides where it runs.
      return signingKey(scheme, signature, bytes);
    });
  }

  return {
    inFlight,
    async verifySignature({ body, headers }) {
      const { scheme, signature } = schemeOf(headers);
      return { scheme: scheme.name, keyIndex: await keyIndexOf(scheme, signature, reader.bytesOf(body)) };
    },
    async verify({ body, headers }) {
      const { scheme, signature } = schemeOf(headers);
      const bytes = reader.bytesOf(body);
      const keyIndex = await keyIndexOf(scheme, signature, bytes);
      const payload = reader.parse(body, bytes);
      return { scheme: scheme.name, keyIndex, payload, body: bytes, ...readSignedMetadata(payload, settings) };
    },
  };
}

/** Throws WebhookConfigurationError at once when an option cannot be used. */
export function createWebhookVerifier(options: VerifierOptions = {}): WebhookVerifier {
  const { verify, verifySignature } = createHandlerVerifier(options);
  return { verify, verifySignature };
}

/**
 * Verifies one delivery: `await verifyWebhook({ body, headers, appId })`. Imports the keys each time; where many deliveries
 * come, make one `createWebhookVerifier` and keep it.
 */
export async function verifyWebhook(delivery: Delivery & VerifierOptions): Promise<VerifiedWebhook> {
  // Awaited, so that a refusal that is there at once has somebody who takes it: workerd reports it as unhandled otherwise.
  return await createWebhookVerifier(delivery).verify(delivery);
}
