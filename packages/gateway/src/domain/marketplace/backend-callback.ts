import { parseUntrustedJson } from "@ghl-edge/core";
import { createDeliverySigner } from "@ghl-edge/webhooks/gateway";
import * as v from "valibot";
import { bindingName } from "../delivery/binding-name.ts";
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

export const PUBLIC_URL = "an https URL of a public name";
const ADDRESS = `an object with either url, ${PUBLIC_URL}, or service, the name of a binding`;

interface AddressOptions {
  readonly allowLoopback: boolean;
}

/** A URL to which the gateway may send. */
export const callbackUrl = (options: AddressOptions) =>
  v.pipe(
    v.string(PUBLIC_URL),
    v.check((url) => readDestinationUrl(url, options) !== undefined, PUBLIC_URL),
    v.transform((url) => readDestinationUrl(url, options)!.href),
  );

/** An address before the deployment decides where it sends. */
export const callbackAddress = v.union(
  [v.strictObject({ url: v.string("a text") }), v.strictObject({ service: bindingName })],
  ADDRESS,
);

/** Reads an address that `callbackAddress` lets through; undefined where nothing may be sent to it. */
export function readCallbackAddress(address: CallbackAddress, options: AddressOptions): CallbackAddress | undefined {
  if ("service" in address) return address;
  const read = v.safeParse(callbackUrl(options), address.url);
  return read.success ? { url: read.output } : undefined;
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
