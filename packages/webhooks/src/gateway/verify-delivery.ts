import { toBase64 } from "@ghl-edge/core";
import { type Bytes, fromBase64, SHA256_BYTES } from "../encoding.ts";
import {
  NotEnvelopeError,
  SignatureMalformedError,
  SignatureMismatchError,
  SignatureMissingError,
  TimestampOutsideWindowError,
} from "../errors.ts";
import { clockOf } from "../option-checks.ts";
import { signatureHeader, type WebhookHeaders } from "../verify/headers.ts";
import { HMAC_ALGORITHM, hmacKey } from "../verify/lazy-key.ts";
import { createBodyReader, type Delivery } from "../verify/signed-body.ts";
import { duration } from "../verify/verifier-options.ts";
import { isBatchId, readBatch } from "./batch.ts";
import { type GatewayDelivery, toDelivery } from "./delivery.ts";
import { readEnvelope } from "./envelope.ts";
import { readSecrets } from "./secret.ts";
import { ID_HEADER, isDeliveryId, SIGNATURE_HEADER, signedContent, TIMESTAMP_HEADER, V1 } from "./signed-content.ts";

/** Covers the difference of two clocks and the network. It need not cover retries, because every attempt is signed again. In milliseconds. */
export const DEFAULT_DELIVERY_TOLERANCE_MS: number = 5 * 60 * 1000;
/** A rotation needs two. Any sender can add more, and each costs an HMAC of the whole body per secret. */
const MAX_SIGNATURES = 8;

/** Options of `createDeliveryVerifier`. */
export interface DeliveryVerifierOptions {
  /** Secrets (`whsec_…`), as the gateway shows them for the endpoint. Pass several during a rotation: any of them may have signed. */
  readonly secrets: readonly string[];
  /** Largest difference between `webhook-timestamp` and the local clock, in milliseconds. Default: 5 minutes. */
  readonly toleranceMs?: number;
  /** Returns the current time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Metadata of a genuine delivery, from its headers. */
export interface SignedAttempt {
  /** The `webhook-id`, equal on every attempt to deliver this event. */
  readonly id: string;
  /** Time at which this attempt was signed, in milliseconds since 1970. */
  readonly attemptedAtMs: number;
  /** Index in the options of the secret that signed. When it is always the new one, remove the old one. */
  readonly secretIndex: number;
}

/** Verifies deliveries of the gateway with keys that it imports once. */
export interface DeliveryVerifier {
  /**
   * Verifies signature, time and envelope.
   *
   * @param delivery - The headers and the body as it was received
   * @returns The genuine delivery
   * @throws {WebhookError} when the delivery is not genuine or has no envelope. `code` says why
   */
  verify(delivery: Delivery): Promise<GatewayDelivery>;
  /**
   * Verifies signature, time and envelopes of a delivery of one or more events, for endpoints with a `batchSize` above 1.
   *
   * @param delivery - The headers and the body as it was received
   * @returns The genuine deliveries, 1 to 100. The `body` of each is that of the request
   * @throws {WebhookError} when the delivery is not genuine, or has other content
   */
  verifyBatch(delivery: Delivery): Promise<readonly GatewayDelivery[]>;
  /**
   * Verifies signature and time of any bytes, for endpoints of format `raw`.
   *
   * @param delivery - The headers and the body as it was received
   * @returns Id and time of the attempt
   * @throws {WebhookError} when the delivery is not genuine. `code` says why
   */
  verifySignature(delivery: Delivery): Promise<SignedAttempt>;
}

/** Returns the bytes of each `v1` signature, or undefined for a malformed list. It ignores other versions. */
function readSignatures(header: string): readonly Bytes[] | undefined {
  const signatures: Bytes[] = [];
  for (const entry of header.split(" ")) {
    if (!entry.startsWith(V1)) continue;
    const text = entry.slice(V1.length);
    const bytes = fromBase64(text, SHA256_BYTES);
    // Base64 has two unused bits here. Requiring one spelling keeps each signature unique.
    if (bytes === undefined || toBase64(bytes) !== text) return undefined;
    signatures.push(bytes);
  }
  return signatures.length === 0 || signatures.length > MAX_SIGNATURES ? undefined : signatures;
}

function readHeaders(headers: WebhookHeaders) {
  const id = signatureHeader(headers, ID_HEADER);
  const timestamp = signatureHeader(headers, TIMESTAMP_HEADER);
  const signature = signatureHeader(headers, SIGNATURE_HEADER);
  if (id === undefined) throw new SignatureMissingError(`${ID_HEADER} is missing`);
  if (timestamp === undefined) throw new SignatureMissingError(`${TIMESTAMP_HEADER} is missing`);
  if (signature === undefined) throw new SignatureMissingError(`${SIGNATURE_HEADER} is missing`);
  const signatures = readSignatures(signature);
  if (!isDeliveryId(id) || !/^\d{1,15}$/.test(timestamp) || signatures === undefined) {
    throw new SignatureMalformedError("hmac");
  }
  return { id, timestamp, signatures };
}

/**
 * Creates a verifier of the gateway's deliveries.
 *
 * @param options - Secrets and tolerance
 * @returns The verifier. Create one and reuse it
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
 *
 * const verifier = createDeliveryVerifier({ secrets: ["whsec_ZXhhbXBsZS1vbmx5LXVzZS15b3VyLW93bi1zZWNyZXQh"] });
 *
 * export async function receive(request: Request): Promise<void> {
 *   const delivery = await verifier.verify({ body: await request.arrayBuffer(), headers: request.headers });
 *   if (delivery.name === "ContactCreate") console.log(delivery.event.email);
 * }
 * ```
 */
export function createDeliveryVerifier(options: DeliveryVerifierOptions): DeliveryVerifier {
  const keys = readSecrets(options.secrets).map((bytes) => hmacKey(bytes, "verify"));
  const toleranceMs = duration("toleranceMs", options.toleranceMs ?? DEFAULT_DELIVERY_TOLERANCE_MS);
  const now = clockOf(options.now);
  const reader = createBodyReader();

  /** Returns the index of the secret that made one of the signatures. WebCrypto compares in constant time. */
  async function signingSecret(signatures: readonly Bytes[], content: Bytes): Promise<number> {
    for (const [index, { imported, load }] of keys.entries()) {
      const key = imported() ?? (await load());
      for (const signature of signatures) {
        if (await crypto.subtle.verify(HMAC_ALGORITHM.name, key, signature, content)) return index;
      }
    }
    throw new SignatureMismatchError("hmac");
  }

  async function verifyBytes(headers: WebhookHeaders, bytes: Bytes): Promise<SignedAttempt> {
    const { id, timestamp, signatures } = readHeaders(headers);
    const secretIndex = await signingSecret(signatures, signedContent(id, timestamp, bytes));
    const attemptedAtMs = Number(timestamp) * 1000;
    const ageMs = now() - attemptedAtMs;
    if (!(Math.abs(ageMs) <= toleranceMs)) throw new TimestampOutsideWindowError(ageMs);
    return { id, attemptedAtMs, secretIndex };
  }

  return {
    async verifySignature({ body, headers }) {
      return await verifyBytes(headers, reader.bytesOf(body));
    },
    async verify({ body, headers }) {
      const bytes = reader.bytesOf(body);
      const { id } = await verifyBytes(headers, bytes);
      if (isBatchId(id)) throw new NotEnvelopeError("body must be one envelope, got a batch: use verifyBatch");
      return toDelivery(readEnvelope(reader.parse(body, bytes), id), bytes);
    },
    async verifyBatch({ body, headers }) {
      const bytes = reader.bytesOf(body);
      const { id } = await verifyBytes(headers, bytes);
      const payload = reader.parse(body, bytes);
      const envelopes = isBatchId(id) ? await readBatch(payload, id) : [readEnvelope(payload, id)];
      return envelopes.map((envelope) => toDelivery(envelope, bytes));
    },
  };
}

/**
 * Verifies one delivery of the gateway. It imports the secrets on every call: for many deliveries, create one verifier with
 * `createDeliveryVerifier`.
 *
 * @param delivery - Body, headers and the options of the verifier
 * @returns The genuine delivery
 * @throws {WebhookError} when the delivery is not genuine or has no envelope
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
 *
 * export async function receive(request: Request, secret: string): Promise<string> {
 *   const body = await request.arrayBuffer();
 *   const delivery = await verifyGatewayDelivery({ body, headers: request.headers, secrets: [secret] });
 *   return delivery.name;
 * }
 * ```
 */
export async function verifyGatewayDelivery(delivery: Delivery & DeliveryVerifierOptions): Promise<GatewayDelivery> {
  // `await` handles a rejection that is there at once. Otherwise workerd reports it as unhandled.
  return await createDeliveryVerifier(delivery).verify(delivery);
}

/**
 * Verifies one request of the gateway with one or more events. It imports the secrets on every call: for many requests, create one verifier
 * with `createDeliveryVerifier` and use its `verifyBatch`.
 *
 * @param delivery - Body, headers and the options of the verifier
 * @returns The genuine deliveries, 1 to 100. The `body` of each is that of the request
 * @throws {WebhookError} when the delivery is not genuine, or has other content
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { verifyGatewayBatch } from "@ghl-edge/webhooks/gateway";
 *
 * export async function receive(request: Request, secret: string): Promise<Response> {
 *   const body = await request.arrayBuffer();
 *   const deliveries = await verifyGatewayBatch({ body, headers: request.headers, secrets: [secret] });
 *   const failed = deliveries.filter(({ name }) => name === "unknown").map(({ id }) => ({ id }));
 *   return Response.json({ failed }); // The gateway sends these again, and no others.
 * }
 * ```
 */
export async function verifyGatewayBatch(
  delivery: Delivery & DeliveryVerifierOptions,
): Promise<readonly GatewayDelivery[]> {
  return await createDeliveryVerifier(delivery).verifyBatch(delivery);
}
