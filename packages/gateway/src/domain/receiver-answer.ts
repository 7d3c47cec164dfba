import { readFeedback } from "@ghl-edge/rate-limit";
import type { BreakerEvent } from "./breaker.ts";

/** Why a delivery did not arrive, where there is no status: stable, shown to operators. */
export type DeliveryFailure =
  | "ERR_GHL_GATEWAY_RECEIVER_TIMEOUT"
  | "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE"
  | "ERR_GHL_GATEWAY_RECEIVER_UNBOUND"
  | "ERR_GHL_GATEWAY_RECEIVER_TOO_LARGE";

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: "delivered"; readonly status: number | null }
  /** 410: the receiver wants no more. */
  | { readonly kind: "gone"; readonly status: number }
  /** `isFinal`: the same again cannot succeed. */
  | {
      readonly kind: "failed";
      readonly status: number | null;
      readonly code: DeliveryFailure | null;
      readonly retryAfterMs?: number | undefined;
      readonly isFinal?: boolean;
    };

/**
 * Any 2xx is delivered; a redirect is not followed, because nobody has checked where to (Standard Webhooks, "Response", read
 * 2026-11-24).
 */
export function outcomeOf(response: Pick<Response, "status" | "headers">, nowMs: number): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone", status };
  return { kind: "failed", status, code: null, retryAfterMs: readFeedback(response, nowMs).retryAfterMs };
}

/** What an outcome says of the receiver as a whole. */
export function breakerEvent(outcome: Outcome): BreakerEvent {
  if (outcome.kind === "delivered") return { type: "succeeded" };
  if (outcome.kind === "gone") return { type: "refused" };
  const { status, retryAfterMs } = outcome;
  if ((status === 429 || status === 503) && retryAfterMs !== undefined) return { type: "busy", retryAfterMs };
  const isReceivers = status === null || status >= 500 || status === 429 || status === 408;
  return { type: isReceivers && !outcome.isFinal ? "failed" : "refused" };
}
