import { isObject } from "@ghl-edge/core";
import type { NewDelivery } from "../contracts/endpoint-dispatcher.ts";
import type { BreakerEvent } from "./breaker.ts";
import { breakerEvent, type Outcome } from "./delivery-outcome.ts";

/** Limits of one request. */
export interface BatchLimits {
  readonly events: number;
  /** Limits the sum of their bodies. A single event may be larger. */
  readonly bytes: number;
}

type Sendable = Pick<NewDelivery, "headers" | "body">;

/** Whether a delivery may be part of a batch. One in HighLevel's own form has headers of its own and is sent alone. */
export const isBatchable = ({ headers }: Pick<Sendable, "headers">): boolean => Object.keys(headers).length === 0;

/** Returns the deliveries of the next request: the first one, and as many after it as fit. */
export function nextBatch<Delivery extends Sendable>(
  deliveries: readonly Delivery[],
  limits: BatchLimits,
): readonly Delivery[] {
  const batch: Delivery[] = [];
  let bytes = 0;
  for (const delivery of deliveries) {
    bytes += delivery.body.byteLength;
    const isFull = batch.length >= limits.events || bytes > limits.bytes;
    if (batch.length > 0 && (isFull || !isBatchable(delivery))) break;
    batch.push(delivery);
    if (!isBatchable(delivery)) break;
  }
  return batch;
}

/** Divides deliveries into requests, in their order. */
export function toBatches<Delivery extends Sendable>(
  deliveries: readonly Delivery[],
  limits: BatchLimits,
): readonly (readonly Delivery[])[] {
  const batches: (readonly Delivery[])[] = [];
  for (let left = deliveries; left.length > 0; left = left.slice(batches.at(-1)!.length))
    batches.push(nextBatch(left, limits));
  return batches;
}

/**
 * Reads the outcome of each event from the JSON of a 2xx response. Events that it names in `failed` failed, the others are delivered. When an
 * entry is not one of these events, it is unknown which ones failed, so that all are sent again.
 */
export function batchOutcomes(ids: readonly string[], status: number, answer: unknown): readonly Outcome[] {
  const entries = isObject(answer) && Object.hasOwn(answer, "failed") ? answer.failed : undefined;
  if (!Array.isArray(entries)) return ids.map(() => ({ kind: "delivered", status }));
  const known = new Set(ids);
  const failed = new Map<string, number | undefined>();
  for (const entry of entries as readonly unknown[]) {
    const { id, retryAfterMs }: { readonly id?: unknown; readonly retryAfterMs?: unknown } = isObject(entry)
      ? entry
      : {};
    if (typeof id !== "string" || !known.has(id)) return ids.map(() => unreadable(status));
    failed.set(id, typeof retryAfterMs === "number" && retryAfterMs >= 0 ? retryAfterMs : undefined);
  }
  return ids.map((id) =>
    failed.has(id)
      ? { kind: "failed", status, code: "ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED", retryAfterMs: failed.get(id) }
      : { kind: "delivered", status },
  );
}

/** The outcome of an event whose request was accepted with a response that cannot be read. */
export const unreadable = (status: number): Outcome => ({
  kind: "failed",
  status,
  code: "ERR_GHL_GATEWAY_DESTINATION_UNREADABLE",
});

/** Statuses of 4xx that do not depend on the events in a request. */
const OF_ANY_BODY: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 410, 429]);

/** Whether smaller requests may be accepted: the endpoint refused this one because of its body. */
export const isBodyRefused = (outcome: Outcome): boolean =>
  outcome.kind === "failed" &&
  outcome.status !== null &&
  outcome.status >= 400 &&
  outcome.status < 500 &&
  !OF_ANY_BODY.has(outcome.status);

const GRAVITY: Readonly<Record<BreakerEvent["type"], number>> = {
  succeeded: 4,
  busy: 3,
  failed: 2,
  unrecorded: 1,
  refused: 0,
};

/** Returns what the outcomes of one batch mean for the endpoint. A batch counts once. A delivered event shows that the endpoint works. */
export function batchBreakerEvent(outcomes: readonly Outcome[]): BreakerEvent {
  return outcomes.map(breakerEvent).reduce((one, other) => (GRAVITY[other.type] > GRAVITY[one.type] ? other : one));
}
