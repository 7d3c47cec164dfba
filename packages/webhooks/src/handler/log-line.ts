import { describeThrown } from "@ghl-edge/core";
import { HandlerFailedError, type WebhookError } from "../errors.ts";

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause;
}

/** Returns the log line of an error. It never has a body, a header, a secret, or the message of an error from other code. */
export function logLine(error: WebhookError): string {
  const { cause } = error;
  if (error instanceof HandlerFailedError) return `webhook: ${error.code}: ${error.message}: ${describeThrown(cause)}`;
  return `webhook: ${error.code}: ${error.message}${cause === undefined ? "" : `: ${nameOf(cause)}`}`;
}
