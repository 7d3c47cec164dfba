import { ConfigurationError } from "../errors.ts";
import { outcomeOf, type SendResult } from "../http/outcome.ts";
import { type RetryOptions, retryPolicy, sendRepeatedly } from "../http/repeat.ts";
import { type Answer, checkTimeoutMs, type OutgoingRequest } from "../http/send.ts";
import { type RuntimeOptions, resolveRuntime } from "../runtime.ts";
import type { WorkflowUrlOptions } from "./url.ts";

/** Options of what starts a workflow. */
export interface WorkflowSenderOptions extends RuntimeOptions, WorkflowUrlOptions {
  /** Of one attempt, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * HighLevel documents no de-duplication: a repetition may start the workflow twice. So only a 429, which is a refusal, is repeated
   * by itself; `repeatUnknown` repeats the rest.
   */
  readonly retry?: RetryOptions | undefined;
}

/** A field of your own in the payload, by which the workflow can tell a repetition: HighLevel looks at none. */
export interface Idempotency {
  readonly field: string;
  /** The id of your event: the same whenever you send it again. */
  readonly key: string;
}

export interface DeliveryOptions {
  readonly signal?: AbortSignal;
  readonly idempotency?: Idempotency;
}

/** What is sent: a copy, so that nothing changes between two attempts. @throws {ConfigurationError} */
export function payloadOf(payload: object, idempotency?: Idempotency): Record<string, unknown> {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(payload));
  } catch {
    // No JSON; its error could quote a value.
  }
  if (typeof copy !== "object" || copy === null || Array.isArray(copy)) {
    throw new ConfigurationError("the payload must be an object that can be written as JSON");
  }
  const fields = copy as Record<string, unknown>;
  if (idempotency === undefined) return fields;
  const { field, key } = idempotency;
  if (!(typeof field === "string" && field !== "" && typeof key === "string" && key !== "")) {
    throw new ConfigurationError("idempotency must have a field and a key");
  }
  if (Object.hasOwn(fields, field) && fields[field] !== key) {
    throw new ConfigurationError("the payload has another value in the idempotency field");
  }
  return { ...fields, [field]: key };
}

/** Sends one request as the options say. Rejects with the signal's reason where nothing was sent yet. */
export function createDelivery(
  options: WorkflowSenderOptions,
): (request: Omit<OutgoingRequest, "timeoutMs">) => Promise<SendResult & { readonly answer?: Answer }> {
  const timeoutMs = checkTimeoutMs(options.timeoutMs);
  const policy = retryPolicy(options.retry);
  const runtime = resolveRuntime(options);
  return async (request) => {
    if (request.signal?.aborted) throw request.signal.reason;
    return await outcomeOf(() => sendRepeatedly(runtime, { ...request, timeoutMs }, policy), request.signal);
  };
}
