import type { Bytes } from "../encoding.ts";
import { NotJsonError } from "../errors.ts";
import type { WebhookHeaders } from "./headers.ts";

/** One delivery as it came in. */
export interface Delivery {
  /** The body exactly as received: bytes, or the text they were. Never an object that was parsed and written again. */
  readonly body: Uint8Array | ArrayBuffer | string;
  readonly headers: WebhookHeaders;
}

/** Made once: nothing is decoded in parts, so that they have no state. */
const ENCODER = /* @__PURE__ */ new TextEncoder();
const DECODER = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Reads bodies. */
export interface BodyReader {
  bytesOf(body: Delivery["body"]): Bytes;
  /** Throws NotJsonError. */
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
        throw new NotJsonError("signed, but not JSON in UTF-8");
      }
    },
  };
}
