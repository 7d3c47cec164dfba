import { readIsoTimeMs } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { NotEnvelopeError, NotJsonError } from "../errors.ts";
import { isRecord, ownText } from "../json.ts";

/** Where an event comes from: HighLevel's webhook, the gateway itself, a workflow that calls the gateway. */
export type DeliverySource = "highlevel" | "gateway" | "workflow";

/** The location or company an event is about. */
export interface DeliveryResource {
  readonly kind: "location" | "company";
  readonly id: string;
}

/** What the gateway says of an event, around its data. */
export interface EnvelopeFields {
  /** The event's id, the same on every attempt; also the `webhook-id`. */
  readonly id: string;
  /** The event's name: HighLevel's as `eventOf` gives it, the gateway's own, or `unknown`. */
  readonly type: string;
  /** The signed time of the event in milliseconds since 1970; where it has none, the time it was received. */
  readonly timestampMs: number;
  /** When the gateway got to know of it, in milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** The gateway's name for the app. */
  readonly app: string;
  /** null: about the app as a whole, or about nothing it names. */
  readonly resource: DeliveryResource | null;
  readonly source: DeliverySource;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A byte order mark is no JSON (RFC 8259, section 8.1); a parser may skip it in front, but not in the middle. */
function withoutByteOrderMark(data: Uint8Array): Uint8Array {
  return BYTE_ORDER_MARK.every((byte, index) => data[index] === byte) ? data.subarray(BYTE_ORDER_MARK.length) : data;
}

/** What is no JSON by itself could close the envelope and say something else in it. */
function checkData(data: Uint8Array): void {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data));
  } catch {
    // The engine's own error quotes the data, so it is not passed on as the cause.
    throw new NotJsonError("the data of an envelope must be JSON in UTF-8");
  }
}

/**
 * The body of a delivery: JSON with `data` in it byte for byte, so that numbers, escapes and the order of keys are those that
 * were received. Throws NotJsonError when the data is no JSON.
 */
export function writeEnvelope(fields: EnvelopeFields, data: Uint8Array): Bytes {
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

function resourceIn({ resource }: Payload): DeliveryResource | null | undefined {
  if (resource === null) return null;
  if (!isRecord(resource)) return undefined;
  const { kind } = resource;
  const id = ownText(resource, "id");
  return id !== undefined && (kind === "location" || kind === "company") ? { kind, id } : undefined;
}

function sourceIn({ source }: Payload): DeliverySource | undefined {
  return source === "highlevel" || source === "gateway" || source === "workflow" ? source : undefined;
}

/**
 * Reads a body whose signature is good. Throws NotEnvelopeError for another form, and for another `id` than the signed one: bytes that
 * an endpoint of format `raw` is sent are a stranger's, who can write an envelope but not know the id it will be sent under.
 */
export function readEnvelope(payload: unknown, id: string): EnvelopeFields & { readonly data: unknown } {
  const envelope = isRecord(payload) ? payload : {};
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
    throw new NotEnvelopeError("signed, but not the envelope of this delivery: an endpoint of format raw?");
  }
  return { id, type, timestampMs, receivedAtMs, app, resource, source, data: envelope.data };
}
