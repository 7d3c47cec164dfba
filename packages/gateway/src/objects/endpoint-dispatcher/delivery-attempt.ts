import type { Attempt } from "../../domain/contracts/endpoint-dispatcher.ts";
import { type Breaker, isHopeless, stepBreaker } from "../../domain/delivery/breaker.ts";
import { breakerEvent, type Outcome } from "../../domain/delivery/delivery-outcome.ts";
import { nextAttemptAtMs } from "../../domain/delivery/delivery-schedule.ts";
import type { DisabledReason } from "../../domain/delivery/endpoint.ts";
import type { DueDelivery, RecordedAttempt } from "./delivery-rows.ts";
import type { EndpointSender } from "./endpoint-sender.ts";

/** Before the request was sent, an error is an attempt too. Otherwise the delivery would be due again at once, without end. */
const UNSENT: Outcome = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE" };

/** The changes to the storage after one attempt. */
export interface AttemptResult {
  readonly delivery: DueDelivery;
  readonly recorded: RecordedAttempt;
  readonly breaker: Breaker;
  /** Reason to disable the endpoint; undefined when it stays enabled. */
  readonly disable: DisabledReason | undefined;
}

/** An attempt that has ended and is not recorded yet. */
export interface EndedAttempt {
  readonly delivery: DueDelivery;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
}

/** Decides the next state of a delivery and of the breaker after an attempt. */
export function resultOf({ delivery, attempt, outcome }: EndedAttempt, before: Breaker): AttemptResult {
  const nowMs = attempt.atMs + attempt.durationMs;
  const breaker = stepBreaker(before, breakerEvent(outcome), nowMs);
  if (outcome.kind === "delivered") {
    const recorded = { state: "delivered", nextAttemptAtMs: null, attempt } as const;
    return { delivery, breaker, disable: undefined, recorded };
  }
  const isFinal = outcome.kind === "failed" && outcome.isFinal === true;
  const retryAfterMs = outcome.kind === "failed" ? outcome.retryAfterMs : undefined;
  const timing = { retryAfterMs, nowMs, random: Math.random() };
  const atMs = isFinal ? undefined : nextAttemptAtMs(delivery.tries + 1, timing);
  const disable = outcome.kind === "gone" ? "gone" : isHopeless(breaker, nowMs) ? "failing" : undefined;
  const state = atMs === undefined ? "dead" : "due";
  return { delivery, breaker, disable, recorded: { state, nextAttemptAtMs: atMs ?? null, attempt } };
}

/** Sends a delivery once. Never rejects. */
export async function attemptDelivery(sender: EndpointSender, delivery: DueDelivery): Promise<EndedAttempt> {
  const atMs = Date.now();
  const outcome = await sender.send(delivery).catch(() => UNSENT);
  const { status } = outcome;
  const code = outcome.kind === "failed" ? outcome.code : null;
  return { delivery, attempt: { atMs, durationMs: Date.now() - atMs, status, code }, outcome };
}
