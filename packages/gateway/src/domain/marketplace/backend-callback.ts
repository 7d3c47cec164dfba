import { isObject, parseUntrustedJson } from "@ghl-edge/core";
import { createDeliverySigner } from "@ghl-edge/webhooks/gateway";
import { readDestinationUrl } from "../delivery/destination-url.ts";

/** The address of the app's back end: a URL, or a Worker that is bound to the gateway. */
export type CallbackAddress = { readonly url: string } | { readonly service: string };

export interface BackendCallback {
  readonly address: CallbackAddress;
  /** `whsec_…`; every secret signs. */
  readonly secrets: readonly string[];
}

export interface CallbackRequest {
  /** `external_auth.verify`, `payments.verify`, `workflow.action`, … */
  readonly type: string;
  readonly app: string;
  readonly data: unknown;
}

/** Stable code for the log that says why there is no answer. */
export type CallbackFailure =
  | "ERR_GHL_GATEWAY_DESTINATION_TIMEOUT"
  | "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE"
  | "ERR_GHL_GATEWAY_DESTINATION_UNBOUND"
  /** The status was not 2xx. */
  | "ERR_GHL_GATEWAY_DESTINATION_REFUSED"
  /** The body was too long, was not JSON, or lacked what the callback needs. */
  | "ERR_GHL_GATEWAY_DESTINATION_UNREADABLE";

/** The back end gave no usable answer. The request is then refused; an answer is never guessed. */
export class CallbackError extends Error {
  override readonly name = "CallbackError";
  readonly code: CallbackFailure;
  constructor(code: CallbackFailure) {
    super("the back end gave no usable answer");
    this.code = code;
  }
}

/** The part of a binding's name after `DESTINATION_SERVICE_`. */
const BINDING_NAME = /^[A-Z0-9_]{1,64}$/;

/** Reads an address; undefined where it is malformed, or where nothing may be sent to it. */
export function readCallbackAddress(
  value: unknown,
  options: { readonly allowLoopback: boolean },
): CallbackAddress | undefined {
  const { url, service, ...rest } = isObject(value) ? value : {};
  if (Object.keys(rest).length > 0 || (url === undefined) === (service === undefined)) return undefined;
  if (url === undefined) return typeof service === "string" && BINDING_NAME.test(service) ? { service } : undefined;
  const read = typeof url === "string" ? readDestinationUrl(url, options) : undefined;
  return read && { url: read.href };
}

export function isCallbackSecret(value: unknown): value is string {
  try {
    createDeliverySigner({ secrets: [value as string] });
    return true;
  } catch {
    return false;
  }
}

/** @throws CallbackError */
export function readAnswer(body: Uint8Array | undefined): unknown {
  try {
    return parseUntrustedJson(body ?? "");
  } catch {
    throw new CallbackError("ERR_GHL_GATEWAY_DESTINATION_UNREADABLE");
  }
}
