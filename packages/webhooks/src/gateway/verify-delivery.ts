import { type Bytes, fromBase64, SHA256_BYTES, toBase64 } from "../encoding.ts";
import {
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
import { type GatewayDelivery, toDelivery } from "./delivery.ts";
import { readEnvelope } from "./envelope.ts";
import { readSecrets } from "./secret.ts";
import { ID_HEADER, isDeliveryId, SIGNATURE_HEADER, signedContent, TIMESTAMP_HEADER, V1 } from "./signed-content.ts";

/** Every attempt is signed anew, so that this has to cover two clocks and the way between them, and no retries. */
export const DEFAULT_DELIVERY_TOLERANCE_MS: number = 5 * 60 * 1000;
/** Two while secrets are rotated. Each costs an HMAC of the whole body per secret, for whoever sends it. */
const MAX_SIGNATURES = 8;

export interface DeliveryVerifierOptions {
  /** `whsec_…`, as the gateway shows it for the endpoint. Several while they are rotated: any of them may have signed. */
  readonly secrets: readonly string[];
  /** How far `webhook-timestamp` may lie from the clock here, either way, in milliseconds. Default: 5 minutes. */
  readonly toleranceMs?: number;
  /** The time now, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** What the headers of a genuine delivery say. */
export interface SignedAttempt {
  /** `webhook-id`: the same on every attempt to deliver this event. */
  readonly id: string;
  /** When this attempt was signed, in milliseconds since 1970. */
  readonly attemptedAtMs: number;
  /** Which secret signed, by its place in the options: once it is always the new one, the old one can go. */
  readonly secretIndex: number;
}

/** Verifies deliveries of the gateway with keys that are imported once and live as long as this object. */
export interface DeliveryVerifier {
  /** Signature, time and envelope. Throws a WebhookError; what it returns is genuine. */
  verify(delivery: Delivery): Promise<GatewayDelivery>;
  /** Signature and time, over any bytes: for endpoints of format `raw`. */
  verifySignature(delivery: Delivery): Promise<SignedAttempt>;
}

/** The bytes of each `v1` signature; undefined for what cannot be a list of signatures. Other versions are passed over. */
function readSignatures(header: string): readonly Bytes[] | undefined {
  const signatures: Bytes[] = [];
  for (const entry of header.split(" ")) {
    if (!entry.startsWith(V1)) continue;
    const text = entry.slice(V1.length);
    const bytes = fromBase64(text, SHA256_BYTES);
    // One spelling per signature: base64 leaves two bits over that a decoder ignores.
    if (bytes === undefined || toBase64(bytes) !== text) return undefined;
    signatures.push(bytes);
  }
  return signatures.length === 0 || signatures.length > MAX_SIGNATURES ? undefined : signatures;
}

function readHeaders(headers: WebhookHeaders) {
  const id = signatureHeader(headers, ID_HEADER);
  const timestamp = signatureHeader(headers, TIMESTAMP_HEADER);
  const signature = signatureHeader(headers, SIGNATURE_HEADER);
  if (id === undefined || timestamp === undefined || signature === undefined) {
    throw new SignatureMissingError("webhook-id, webhook-timestamp and webhook-signature are not all there");
  }
  const signatures = readSignatures(signature);
  if (!isDeliveryId(id) || !/^\d{1,15}$/.test(timestamp) || signatures === undefined) {
    throw new SignatureMalformedError("hmac");
  }
  return { id, timestamp, signatures };
}

/** Throws WebhookConfigurationError at once when an option cannot be used. */
export function createDeliveryVerifier(options: DeliveryVerifierOptions): DeliveryVerifier {
  const keys = readSecrets(options.secrets).map((bytes) => hmacKey(bytes, "verify"));
  const toleranceMs = duration("toleranceMs", options.toleranceMs ?? DEFAULT_DELIVERY_TOLERANCE_MS);
  const now = clockOf(options.now);
  const reader = createBodyReader();

  /** Which secret made one of the signatures. WebCrypto compares, in constant time. */
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
      return toDelivery(readEnvelope(reader.parse(body, bytes), id), bytes);
    },
  };
}

/**
 * Verifies one delivery of the gateway: `await verifyGatewayDelivery({ body, headers, secrets })`. Imports the secrets each time; where
 * many deliveries come, make one `createDeliveryVerifier` and keep it.
 */
export async function verifyGatewayDelivery(delivery: Delivery & DeliveryVerifierOptions): Promise<GatewayDelivery> {
  // Awaited, so that a refusal that is there at once has somebody who takes it: workerd reports it as unhandled otherwise.
  return await createDeliveryVerifier(delivery).verify(delivery);
}
