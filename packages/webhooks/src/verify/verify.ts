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

/** Result of a signature check. */
export interface VerifiedSignature {
  readonly scheme: SignatureScheme;
  /** Index in the options of the key that signed. */
  readonly keyIndex: number;
}

/** A delivery whose signature, app and time meet the options. */
export interface VerifiedWebhook extends VerifiedSignature, SignedMetadata {
  /** The parsed body. It is genuine, but its structure is not checked: see `schemas`. */
  readonly payload: unknown;
  /** The signed bytes. */
  readonly body: Uint8Array;
}

/** Verifies deliveries with keys that it imports once. */
export interface WebhookVerifier {
  /**
   * Verifies signature, app and time, and parses the body. The result is genuine. With `outsideWindow: "report"` check `freshness` before
   * acting.
   *
   * @param delivery - The headers and the body as it was received
   * @returns The event
   * @throws {WebhookError} when the delivery is refused. `code` says why
   */
  verify(delivery: Delivery): Promise<VerifiedWebhook>;
  /**
   * Verifies the signature alone, without JSON, app and time.
   *
   * @param delivery - The headers and the body as it was received
   * @returns The scheme and the key that verified it
   * @throws {WebhookError} when the signature is missing, malformed or wrong. `code` says why
   */
  verifySignature(delivery: Delivery): Promise<VerifiedSignature>;
}

/** A verifier for a handler. The handler counts a delivery as in flight before it has its bytes. */
export interface HandlerVerifier extends WebhookVerifier {
  readonly inFlight: InFlight | undefined;
}

export function createHandlerVerifier(options: VerifierOptions): HandlerVerifier {
  const settings = readSettings(options);
  const { schemes, inFlight } = readSchemes(options);
  const reader = createBodyReader();

  /** Returns the first scheme whose header is present. It decides alone: after a wrong signature no other header is tried. */
  function schemeOf(headers: WebhookHeaders): { scheme: Scheme; signature: Bytes } {
    for (const scheme of schemes) {
      const value = signatureHeader(headers, scheme.header);
      if (value === undefined) continue;
      const signature = scheme.decode(value);
      if (signature === undefined) throw new SignatureMalformedError(scheme.name);
      return { scheme, signature };
    }
    throw new SignatureMissingError(
      `headers must have a signature: ${schemes.map(({ header }) => header).join(" or ")}`,
    );
  }

  /** Returns the index of the key that signed. */
  async function signingKey({ name, keys }: Scheme, signature: Bytes, bytes: Bytes): Promise<number> {
    for (const [index, key] of keys.entries()) {
      if (await key.verify(signature, bytes)) return index;
    }
    throw new SignatureMismatchError(name);
  }

  function keyIndexOf(scheme: Scheme, signature: Bytes, bytes: Bytes): Promise<number> {
    if (inFlight === undefined) return signingKey(scheme, signature, bytes);
    return inFlight.track(async () => {
      await undefined; // Deliveries that begin at the same moment are counted before this one chooses its thread.
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

/**
 * Creates a verifier of HighLevel's webhooks.
 *
 * @param options - Keys, app and time window
 * @returns The verifier. Create one and reuse it
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWebhookVerifier } from "@ghl-edge/webhooks";
 *
 * const verifier = createWebhookVerifier({ appId: "5f0000000000000000000001" });
 *
 * export async function receive(request: Request): Promise<unknown> {
 *   const { payload } = await verifier.verify({ body: await request.arrayBuffer(), headers: request.headers });
 *   return payload;
 * }
 * ```
 */
export function createWebhookVerifier(options: VerifierOptions = {}): WebhookVerifier {
  const { verify, verifySignature } = createHandlerVerifier(options);
  return { verify, verifySignature };
}

/**
 * Verifies one delivery. For many deliveries, create one verifier with `createWebhookVerifier`: it imports the keys once.
 *
 * @param delivery - Body, headers and the options of the verifier
 * @returns The genuine delivery
 * @throws {WebhookError} when the delivery is refused
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { verifyWebhook } from "@ghl-edge/webhooks";
 *
 * export async function receive(request: Request): Promise<unknown> {
 *   const body = await request.arrayBuffer();
 *   const { payload } = await verifyWebhook({ body, headers: request.headers, appId: "5f0000000000000000000001" });
 *   return payload;
 * }
 * ```
 */
export async function verifyWebhook(delivery: Delivery & VerifierOptions): Promise<VerifiedWebhook> {
  // `await` handles a rejection that is there at once. Otherwise workerd reports it as unhandled.
  return await createWebhookVerifier(delivery).verify(delivery);
}
