import { HandlerFailedError, type WebhookError } from "./errors.ts";

/** Enough to find the line that threw. */
const MAX_FRAMES = 5;

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause;
}

/** Where an error was thrown, without its message: that of a database or a parser may quote the payload. */
function framesOf(cause: unknown): string {
  const stack = cause instanceof Error && typeof cause.stack === "string" ? cause.stack : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, MAX_FRAMES)
    .map((frame) => `\n${frame}`)
    .join("");
}

/** What the log says of a refusal or a failure: never a body, a header, a secret or the message of a foreign error. */
export function failureLine(error: WebhookError): string {
  const { cause } = error;
  if (error instanceof HandlerFailedError)
    return `webhook: ${error.code}: ${error.message}: ${nameOf(cause)}${framesOf(cause)}`;
  return `webhook: ${error.code}: ${error.message}${cause === undefined ? "" : `: ${nameOf(cause)}`}`;
}
