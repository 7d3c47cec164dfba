import { describeThrown } from "@ghl-edge/core";
import { HandlerFailedError, type WebhookError } from "../errors.ts";

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause;
}

/** What the log says of a refusal or a failure: never a body, a header, a secret or the message of a foreign error. */
export function logLine(error: WebhookError): string {
  const { cause } = error;
  if (error instanceof HandlerFailedError) return `webhook: ${error.code}: ${error.message}: ${describeThrown(cause)}`;
  return `webhook: ${error.code}: ${error.message}${cause === undefined ? "" : `: ${nameOf(cause)}`}`;
}
