import { isObject, sha256, toHex } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { NotEnvelopeError, WebhookConfigurationError } from "../errors.ts";
import { ownText } from "../json.ts";
import { type EnvelopeFields, readEnvelope } from "./envelope.ts";

/** Most events in one batch. */
export const MAX_BATCH_EVENTS = 100;

const PREFIX = "batch_";
const ID_DIGITS = 32;

/** An event of a batch: its id, and its envelope as `writeEnvelope` returned it. */
export interface BatchedEnvelope {
  readonly id: string;
  readonly body: Uint8Array;
}

/** A batch, ready to be signed. */
export interface DeliveryBatch {
  /** The `webhook-id`. Batches of the same events have the same id. */
  readonly id: string;
  /** `{"events":[…]}`, with each envelope byte for byte. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Whether a `webhook-id` is that of a batch. */
export const isBatchId = (id: string): boolean => id.startsWith(PREFIX);

/** Ids have no comma, so that the joined text is unambiguous. */
async function batchIdOf(ids: readonly string[]): Promise<string> {
  const hash = await sha256(new TextEncoder().encode([...ids].sort().join(",")) as Bytes);
  return PREFIX + toHex(hash).slice(0, ID_DIGITS);
}

/**
 * Writes the body of a batch and computes its id from the ids of its events.
 *
 * @param envelopes - The events of the batch, 1 to 100, each with an id of its own
 * @returns The id and the body, ready to be signed
 * @throws {WebhookConfigurationError} when there are no events or too many (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createDeliverySecret, signDelivery, writeBatch, writeEnvelope } from "@ghl-edge/webhooks/gateway";
 *
 * const now = Date.now();
 * const fields = { type: "InvoicePaid", timestampMs: now, receivedAtMs: now, app: "main", resource: null, source: "highlevel" } as const;
 * const data = new TextEncoder().encode('{"total":100}');
 * const envelopes = ["evt_1", "evt_2"].map((id) => ({ id, body: writeEnvelope({ ...fields, id }, data) }));
 * const batch = await writeBatch(envelopes);
 * const headers = await signDelivery({ ...batch, timestampSeconds: Math.floor(now / 1000), secrets: [createDeliverySecret()] });
 * console.log(headers["webhook-id"]); // "batch_…"
 * ```
 */
export async function writeBatch(envelopes: readonly BatchedEnvelope[]): Promise<DeliveryBatch> {
  if (envelopes.length === 0 || envelopes.length > MAX_BATCH_EVENTS)
    throw new WebhookConfigurationError(`envelopes must be 1 to ${MAX_BATCH_EVENTS}, got ${envelopes.length}`);
  const encoder = new TextEncoder();
  const [head, comma, tail] = [encoder.encode('{"events":['), encoder.encode(","), encoder.encode("]}")];
  const parts = [head, ...envelopes.flatMap(({ body }, index) => (index === 0 ? [body] : [comma, body])), tail];
  const body = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.byteLength;
  }
  return { id: await batchIdOf(envelopes.map(({ id }) => id)), body };
}

/**
 * Reads the body of a batch with a valid signature. The signed id is that of these events, so that no other signed body is taken for a batch.
 *
 * @throws {NotEnvelopeError} when the body is another one
 */
export async function readBatch(
  payload: unknown,
  id: string,
): Promise<readonly (EnvelopeFields & { readonly data: unknown })[]> {
  const entries = isObject(payload) && Object.hasOwn(payload, "events") ? payload.events : undefined;
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MAX_BATCH_EVENTS)
    throw new NotEnvelopeError(`events must be a list of 1 to ${MAX_BATCH_EVENTS} envelopes`);
  const ids = entries.map((entry: unknown) => (isObject(entry) ? ownText(entry, "id") : undefined) ?? "");
  if (new Set(ids).size !== ids.length || (await batchIdOf(ids)) !== id)
    throw new NotEnvelopeError("events must be the events of this batch");
  return entries.map((entry: unknown, index) => readEnvelope(entry, ids[index]!));
}
