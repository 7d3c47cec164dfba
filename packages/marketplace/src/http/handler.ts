import { describeThrown, describeValue } from "@ghl-edge/core";
import { ConfigurationError, HandlerFailedError, MarketplaceError } from "../errors.ts";
import { type AnsweredError, problem } from "./problem.ts";

/** Told of every refusal and failure, for the log. What it throws is ignored. */
export type OnError = (error: MarketplaceError, request: Request) => unknown;

/** How a handler reports what it refuses and what fails. */
export interface ReportOptions {
  /** Called with every refusal and failure; it replaces the default log. What it throws is ignored. */
  readonly onError?: OnError | undefined;
  /**
   * Where refusals and failures are written, a text each with method, status, code, message and where your function threw, and nothing of the
   * request's URL, headers or body, nor of a foreign error's message. Default: `console.error` where there is no `onError`. `false`: nowhere.
   */
  readonly log?: ((line: string) => void) | false | undefined;
}

/** @throws {ConfigurationError} */
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

/** Our messages name parameters and never values; of what a function threw the name and the place are written. */
function lineOf(error: MarketplaceError, method: string, status: number): string {
  const { code, message, cause } = error;
  const thrown = error instanceof HandlerFailedError ? `: ${describeThrown(cause)}` : "";
  return `@ghl-edge/marketplace: ${method} was answered ${status} ${code}: ${message}${thrown}`;
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
      // A scanner's GET says nothing of what is wrong here.
      if (log && answer.status !== 405) log(lineOf(error, request.method, answer.status));
      await options.onError?.(error, request);
    } catch {
      // The log must not decide over the answer.
    }
    return answer;
  }
}
