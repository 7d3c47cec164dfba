import { describeSecret, isObject, type Resource, readIsoTimeMs } from "@ghl-edge/core";
import { NotEnvelopeError, NotJsonError } from "../errors.ts";
import { ownText } from "../json.ts";

/** Origin of an event: HighLevel's webhook, the gateway itself, or a workflow that calls the gateway. */
export type DeliverySource = "highlevel" | "gateway" | "workflow";

/** Fields of the envelope, which the gateway adds around the data of an event. */
export interface EnvelopeFields {
  /** The event's id, equal on every attempt. It is also the `webhook-id`. */
  readonly id: string;
  /** The event's name: HighLevel's as `eventOf` returns it, the gateway's own, or `unknown`. */
  readonly type: string;
  /** The signed time of the event in milliseconds since 1970. An event without one has the time at which it was received. */
  readonly timestampMs: number;
  /** Time at which the gateway received or created the event, in milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** The gateway's name for the app. */
  readonly app: string;
  /** null when the event is about the whole app, or names no resource. */
  readonly resource: Resource | null;
  readonly source: DeliverySource;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Removes a byte order mark: it is not JSON (RFC 8259, section 8.1). A parser may skip it at the start, but not in the middle. */
function withoutByteOrderMark(data: Uint8Array): Uint8Array {
  return BYTE_ORDER_MARK.every((byte, index) => data[index] === byte) ? data.subarray(BYTE_ORDER_MARK.length) : data;
}

/** Refuses data that is not JSON: it could close the envelope and replace its fields. */
function checkData(data: Uint8Array): void {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data));
  } catch {
    // The engine's own error quotes the data, so it is not passed on as the cause.
    throw new NotJsonError(`data must be JSON in UTF-8, got ${describeSecret(data)} that do not parse`);
  }
}

/**
 * Writes the body of a delivery. It contains `data` byte for byte, so numbers, escapes and the order of keys stay as received.
 *
 * @param fields - The fields around the data
 * @param data - The event's data: JSON in UTF-8
 * @returns The body, ready to be signed
 * @throws {NotJsonError} when the data is not JSON (`ERR_GHL_WEBHOOK_NOT_JSON`)
 * @example
 * ```ts
 * import { writeEnvelope } from "@ghl-edge/webhooks/gateway";
 *
 * const now = Date.now();
 * const resource = { kind: "location", id: "L1" } as const;
 * const body = writeEnvelope(
 *   { id: "evt_1", type: "InvoicePaid", timestampMs: now, receivedAtMs: now, app: "main", resource, source: "highlevel" },
 *   new TextEncoder().encode('{"total":100}'),
 * );
 * console.log(new TextDecoder().decode(body));
 * ```
 */
export function writeEnvelope(fields: EnvelopeFields, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const spliced = withoutByteOrderMark(data);
  checkData(spliced);
  const { id, type, timestampMs, receivedAtMs, app, resource, source } = fields;
  const envelope = {
    id,
    type,
    timestamp: new Date(timestampMs).toISOString(),
    receivedAt: new Date(receivedAtMs).toISOString(),
    app,
    resource: resource === null ? null : { kind: resource.kind, id: resource.id },
    source,
  };
  const head = new TextEncoder().encode(`${JSON.stringify(envelope).slice(0, -1)},"data":`);
  const body = new Uint8Array(head.byteLength + spliced.byteLength + 1);
  body.set(head);
  body.set(spliced, head.byteLength);
  body[body.byteLength - 1] = 0x7d; // }
  return body;
}

type Payload = Readonly<Record<string, unknown>>;

const timeIn = (payload: Payload, key: string): number | undefined => readIsoTimeMs(ownText(payload, key));

function resourceIn({ resource }: Payload): Resource | null | undefined {
  if (resource === null) return null;
  if (!isObject(resource)) return undefined;
  const { kind } = resource;
  const id = ownText(resource, "id");
  return id !== undefined && (kind === "location" || kind === "company") ? { kind, id } : undefined;
}

function sourceIn({ source }: Payload): DeliverySource | undefined {
  return source === "highlevel" || source === "gateway" || source === "workflow" ? source : undefined;
}

/**
 * Reads a body with a valid signature. An endpoint of format `raw` gets bytes of a stranger. The stranger can write an envelope, but
 * cannot know the id of its delivery. So `id` must be the signed one.
 *
 * @throws {NotEnvelopeError} for another format and for another `id`
 */
export function readEnvelope(payload: unknown, id: string): EnvelopeFields & { readonly data: unknown } {
  const envelope = isObject(payload) ? payload : {};
  const type = ownText(envelope, "type");
  const timestampMs = timeIn(envelope, "timestamp");
  const receivedAtMs = timeIn(envelope, "receivedAt");
  const app = ownText(envelope, "app");
  const resource = resourceIn(envelope);
  const source = sourceIn(envelope);
  if (
    ownText(envelope, "id") !== id ||
    type === undefined ||
    timestampMs === undefined ||
    receivedAtMs === undefined ||
    app === undefined ||
    resource === undefined ||
    source === undefined ||
    !Object.hasOwn(envelope, "data")
  ) {
    throw new NotEnvelopeError(
      "body must be the envelope of this delivery, got other JSON: check that the endpoint has the format envelope, not raw",
    );
  }
  return { id, type, timestampMs, receivedAtMs, app, resource, source, data: envelope.data };
}
