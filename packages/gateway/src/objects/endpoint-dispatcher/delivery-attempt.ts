import type { Attempt } from "../../domain/contracts/endpoint-dispatcher.ts";
import { batchBreakerEvent } from "../../domain/delivery/batch.ts";
import { type Breaker, isHopeless, stepBreaker } from "../../domain/delivery/breaker.ts";
import type { Outcome } from "../../domain/delivery/delivery-outcome.ts";
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

/** Decides the next state of the deliveries of one batch, and of the breaker, after an attempt. */
export function resultsOf(batch: readonly EndedAttempt[], before: Breaker): readonly AttemptResult[] {
  const [first] = batch;
  if (first === undefined) return [];
  const event = batchBreakerEvent(batch.map(({ outcome }) => outcome));
  const breaker = stepBreaker(before, event, first.attempt.atMs + first.attempt.durationMs);
  return batch.map((ended) => resultOf(ended, breaker));
}

function resultOf({ delivery, attempt, outcome }: EndedAttempt, breaker: Breaker): AttemptResult {
  const nowMs = attempt.atMs + attempt.durationMs;
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

/** Sends a batch once. Never rejects. */
export async function attemptBatch(
  sender: EndpointSender,
  batch: readonly DueDelivery[],
): Promise<readonly EndedAttempt[]> {
  const atMs = Date.now();
  const outcomes = await sender.send(batch).catch(() => batch.map(() => UNSENT));
  const durationMs = Date.now() - atMs;
  return batch.map((delivery, index) => {
    const outcome = outcomes[index] ?? UNSENT;
    const code = outcome.kind === "failed" ? outcome.code : null;
    return { delivery, attempt: { atMs, durationMs, status: outcome.status, code }, outcome };
  });
}
