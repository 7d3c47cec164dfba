import { readFeedback } from "@ghl-edge/rate-limit";
import type { BreakerEvent } from "./breaker.ts";

/** Stable code of a failed attempt without a status. Operators see it. */
export type DeliveryFailure =
  | "ERR_GHL_GATEWAY_DESTINATION_TIMEOUT"
  | "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE"
  | "ERR_GHL_GATEWAY_DESTINATION_UNBOUND"
  | "ERR_GHL_GATEWAY_DESTINATION_TOO_LARGE"
  | "ERR_GHL_GATEWAY_DESTINATION_UNREADABLE"
  | "ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED";

/** The outcome of an attempt. */
export type Outcome =
  | { readonly kind: "delivered"; readonly status: number | null }
  /** Status 410: the endpoint does not accept events any more. */
  | { readonly kind: "gone"; readonly status: number }
  /** `isFinal` means that the same delivery cannot succeed later. */
  | {
      readonly kind: "failed";
      readonly status: number | null;
      readonly code: DeliveryFailure | null;
      readonly retryAfterMs?: number | undefined;
      readonly isFinal?: boolean;
    };

/**
 * Reads the outcome from a response. Any 2xx means delivered. A redirect is a failure, because nobody has checked its target (Standard
 * Webhooks, "Response", read 2026-11-24).
 */
export function outcomeOf(response: Pick<Response, "status" | "headers">, nowMs: number): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone", status };
  return { kind: "failed", status, code: null, retryAfterMs: readFeedback(response, nowMs).retryAfterMs };
}

/** Returns what an outcome means for the endpoint as a whole. */
export function breakerEvent(outcome: Outcome): BreakerEvent {
  if (outcome.kind === "delivered") return { type: "succeeded" };
  if (outcome.kind === "gone") return { type: "refused" };
  const { status, retryAfterMs } = outcome;
  if ((status === 429 || status === 503) && retryAfterMs !== undefined) return { type: "busy", retryAfterMs };
  const isEndpointFailure = status === null || status >= 500 || status === 429 || status === 408;
  return { type: isEndpointFailure && !outcome.isFinal ? "failed" : "refused" };
}
