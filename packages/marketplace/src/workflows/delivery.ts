import { describeSecret, describeValue, type RuntimeOptions, resolveRuntime } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { outcomeOf, type SendResult } from "../http/outcome.ts";
import { type RetryOptions, retryPolicy, sendWithRetries } from "../http/retry.ts";
import { type Answer, checkTimeoutMs, type OutgoingRequest } from "../http/send.ts";
import type { WorkflowUrlOptions } from "./url.ts";

/** Options of a sender that starts workflows. */
export interface WorkflowSenderOptions extends RuntimeOptions, WorkflowUrlOptions {
  /** Time limit of one attempt in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Retries. HighLevel documents no de-duplication, so a retry may start the workflow twice. So by default only a 429, which is a refusal,
   * is retried. `repeatUnknown` also retries unknown outcomes.
   */
  readonly retry?: RetryOptions | undefined;
}

/** A field of the payload by which the workflow can detect a repetition. HighLevel ignores it. */
export interface Idempotency {
  /** Name of the field. */
  readonly field: string;
  /** Id of your event, equal on every repetition. */
  readonly key: string;
}

/** Options of one request that starts a workflow. */
export interface DeliveryOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal;
  /** Field by which the workflow can detect a repetition. */
  readonly idempotency?: Idempotency;
}

/** Copies the payload, so that it does not change between attempts. @throws {ConfigurationError} when it is invalid */
export function payloadOf(payload: object, idempotency?: Idempotency): Record<string, unknown> {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(payload));
  } catch {
    // This error could quote a value, so it is not passed on.
  }
  if (typeof copy !== "object" || copy === null || Array.isArray(copy)) {
    throw new ConfigurationError(`payload must be an object that JSON can represent, got ${describeSecret(payload)}`);
  }
  const fields = copy as Record<string, unknown>;
  if (idempotency === undefined) return fields;
  const { field, key } = idempotency;
  if (!(typeof field === "string" && field !== "" && typeof key === "string" && key !== "")) {
    throw new ConfigurationError(
      `idempotency must have a non-empty field and key, got ${describeValue(field)} and ${describeSecret(key)}`,
    );
  }
  if (Object.hasOwn(fields, field) && fields[field] !== key) {
    throw new ConfigurationError(
      "idempotency.key must equal the value that the payload has in that field, got another one",
    );
  }
  return { ...fields, [field]: key };
}

/** Creates a function that sends a request with the options. It rejects with the signal's reason when nothing was sent yet. */
export function createDelivery(
  options: WorkflowSenderOptions,
): (request: Omit<OutgoingRequest, "timeoutMs">) => Promise<SendResult & { readonly answer?: Answer }> {
  const timeoutMs = checkTimeoutMs(options.timeoutMs);
  const policy = retryPolicy(options.retry);
  const runtime = resolveRuntime(options);
  return async (request) => {
    if (request.signal?.aborted) throw request.signal.reason;
    return await outcomeOf(() => sendWithRetries(runtime, { ...request, timeoutMs }, policy), request.signal);
  };
}
