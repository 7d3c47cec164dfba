import { describeValue } from "@ghl-edge/core";
import { ConfigurationError, HandlerFailedError, MarketplaceError } from "../errors.ts";
import { type AnsweredError, problem } from "./problem.ts";

/** Told of every refusal and failure, for the log. What it throws is ignored. */
export type OnError = (error: MarketplaceError, request: Request) => unknown;

/** How a handler reports what it refuses and what fails. */
export interface ReportOptions {
  /**
   * Told of every refusal and failure, for the log. Default: one line for each with `console.error`, with method, status, code and
   * message, and the error that your function threw; nothing of the request's URL, headers or body. `null`: nothing is written.
   */
  readonly onError?: OnError | null | undefined;
}

/** @throws {ConfigurationError} */
export function checkOnError({ onError }: ReportOptions): void {
  if (onError !== undefined && onError !== null && typeof onError !== "function") {
    throw new ConfigurationError(`onError must be a function or null, got ${describeValue(onError)}`);
  }
}

/** Our messages name parameters and never values; what a function threw is the app's own to read. */
function writeToConsole(error: MarketplaceError, method: string, status: number): void {
  const line = `@ghl-edge/marketplace: ${method} was answered ${status} ${error.code}: ${error.message}`;
  if (error.cause === undefined) console.error(line);
  else console.error(line, error.cause);
}

/** Calls a function of the app's. @throws {HandlerFailedError} whatever it throws. */
export async function callOwn<T>(own: () => T | Promise<T>): Promise<T> {
  try {
    return await own();
  } catch (cause) {
    throw new HandlerFailedError(cause);
  }
}

/** What `handle` answers, or a problem, which is reported. Never rejects. */
export async function answerOrProblem(
  request: Request,
  { onError }: ReportOptions,
  handle: () => Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (cause) {
    const error = (cause instanceof MarketplaceError ? cause : new HandlerFailedError(cause)) as AnsweredError;
    const answer = problem(error);
    try {
      if (onError === undefined) writeToConsole(error, request.method, answer.status);
      else await onError?.(error, request);
    } catch {
      // The log must not decide over the answer.
    }
    return answer;
  }
}
