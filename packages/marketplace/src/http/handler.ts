import { describeThrown, describeValue } from "@ghl-edge/core";
import { ConfigurationError, HandlerFailedError, MarketplaceError } from "../errors.ts";
import { type AnsweredError, problem } from "./problem.ts";

/** Function that gets every refusal and failure, for the log. Errors that it throws are ignored. */
export type OnError = (error: MarketplaceError, request: Request) => unknown;

/** Options for the reports of refusals and failures. */
export interface ReportOptions {
  /** Called with every refusal and failure. It replaces the default log. Errors that it throws are ignored. */
  readonly onError?: OnError | undefined;
  /**
   * Writes one line per refusal or failure. It has method, status, code, message, and the place where your function threw. It has nothing
   * of the request's URL, headers or body, and no message of another library's error. Default: `console.error` when there is no `onError`.
   * `false` writes nothing.
   */
  readonly log?: ((line: string) => void) | false | undefined;
}

/** @throws {ConfigurationError} for an invalid option */
export function checkReport({ onError, log }: ReportOptions): void {
  if (onError !== undefined && typeof onError !== "function") {
    throw new ConfigurationError(`onError must be a function, got ${describeValue(onError)}`);
  }
  if (log !== undefined && log !== false && typeof log !== "function") {
    throw new ConfigurationError(`log must be a function or false, got ${describeValue(log)}`);
  }
}

function logOf({ onError, log }: ReportOptions): ((line: string) => void) | false {
  return log ?? (onError === undefined ? (line) => console.error(line) : false);
}

/** Returns the log line. Our messages name parameters and never values. An error of your function contributes its name and place. */
function lineOf(error: MarketplaceError, method: string, status: number): string {
  const { code, message, cause } = error;
  const thrown = error instanceof HandlerFailedError ? `: ${describeThrown(cause)}` : "";
  return `@ghl-edge/marketplace: ${method} was answered ${status} ${code}: ${message}${thrown}`;
}

/** Calls a function of the app. @throws {HandlerFailedError} for every error of it */
export async function callAppFunction<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new HandlerFailedError(cause);
  }
}

/** Returns the response of `handle`, or reports the error and returns a problem. Never rejects. */
export async function answerOrProblem(
  request: Request,
  options: ReportOptions,
  handle: () => Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (cause) {
    const error = (cause instanceof MarketplaceError ? cause : new HandlerFailedError(cause)) as AnsweredError;
    const answer = problem(error);
    try {
      const log = logOf(options);
      // A scanner's GET needs no log.
      if (log && answer.status !== 405) log(lineOf(error, request.method, answer.status));
      await options.onError?.(error, request);
    } catch {
      // A failing log must not change the response.
    }
    return answer;
  }
}
