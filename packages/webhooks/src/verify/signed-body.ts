import type { Bytes } from "../encoding.ts";
import { NotJsonError } from "../errors.ts";
import type { WebhookHeaders } from "./headers.ts";

/** One delivery as it was received. */
export interface Delivery {
  /** The body exactly as received, as bytes or text. Never pass an object that was parsed and serialized again. */
  readonly body: Uint8Array | ArrayBuffer | string;
  /** The headers of the request. */
  readonly headers: WebhookHeaders;
}

/** Created once: without streaming, encoders have no state. */
const ENCODER = /* @__PURE__ */ new TextEncoder();
const DECODER = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Converts and parses bodies. */
export interface BodyReader {
  bytesOf(body: Delivery["body"]): Bytes;
  /** @throws {NotJsonError} when the body is not JSON in UTF-8 */
  parse(body: Delivery["body"], bytes: Bytes): unknown;
}

export function createBodyReader(): BodyReader {
  return {
    bytesOf(body) {
      if (typeof body === "string") return ENCODER.encode(body) as Bytes;
      return (body instanceof Uint8Array ? body : new Uint8Array(body)) as Bytes;
    },
    parse(body, bytes) {
      try {
        return JSON.parse(typeof body === "string" ? body : DECODER.decode(bytes));
      } catch {
        // The engine's own error quotes the body, so it is not passed on as the cause.
        throw new NotJsonError(`body must be JSON in UTF-8, got ${bytes.length} bytes that do not parse`);
      }
    },
  };
}
