import { createDeliverySigner } from "@ghl-edge/webhooks/gateway";
import { readForeignJson } from "./foreign-json.ts";
import { readReceiverUrl } from "./receiver-url.ts";

/** Where a question goes that somebody waits for: an address of the developer's, or a Worker that is bound to the gateway. */
export type CallbackAddress = { readonly url: string } | { readonly service: string };

export interface BackendCallback {
  readonly address: CallbackAddress;
  /** `whsec_…`; each signs. */
  readonly secrets: readonly string[];
}

export interface CallbackRequest {
  /** `external_auth.verify`, `payments.verify`, `workflow.action`, … */
  readonly type: string;
  readonly app: string;
  readonly data: unknown;
}

/** Why there is no answer: stable, for the log. */
export type CallbackFailure =
  | "ERR_GHL_GATEWAY_RECEIVER_TIMEOUT"
  | "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE"
  | "ERR_GHL_GATEWAY_RECEIVER_UNBOUND"
  /** Not 2xx. */
  | "ERR_GHL_GATEWAY_RECEIVER_REFUSED"
  /** Too long, no JSON, or not what the question asks for. */
  | "ERR_GHL_GATEWAY_RECEIVER_UNREADABLE";

/** The receiver gave no answer that can be used. What is asked for is then refused, never guessed. */
export class CallbackError extends Error {
  override readonly name = "CallbackError";
  readonly code: CallbackFailure;
  constructor(code: CallbackFailure) {
    super("the receiver gave no answer that can be used");
    this.code = code;
  }
}

/** What follows `RECEIVER_SERVICE_` in the name of a binding. */
const BINDING_NAME = /^[A-Z0-9_]{1,64}$/;

/** Undefined: it is none, or names an address that nothing may be sent to. */
export function readCallbackAddress(
  value: unknown,
  options: { readonly allowLoopback: boolean },
): CallbackAddress | undefined {
  const { url, service, ...rest } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (Object.keys(rest).length > 0 || (url === undefined) === (service === undefined)) return undefined;
  if (url === undefined) return typeof service === "string" && BINDING_NAME.test(service) ? { service } : undefined;
  const read = typeof url === "string" ? readReceiverUrl(url, options) : undefined;
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
    return readForeignJson(body ?? "");
  } catch {
    throw new CallbackError("ERR_GHL_GATEWAY_RECEIVER_UNREADABLE");
  }
}
