import { HandlerFailedError, MarketplaceError } from "../errors.ts";
import { type AnsweredError, problem } from "./problem.ts";

/** Told of every refusal and failure, for the log. What it throws is ignored. */
export type OnError = (error: MarketplaceError, request: Request) => unknown;

/** Calls a function of the app's. @throws {HandlerFailedError} whatever it throws. */
export async function callOwn<T>(own: () => T | Promise<T>): Promise<T> {
  try {
    return await own();
  } catch (cause) {
    throw new HandlerFailedError(cause);
  }
}

/** What `handle` answers, or a problem. Never rejects, never logs. */
export async function answerOrProblem(
  request: Request,
  onError: OnError | undefined,
  handle: () => Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (cause) {
    const error = (cause instanceof MarketplaceError ? cause : new HandlerFailedError(cause)) as AnsweredError;
    try {
      await onError?.(error, request);
    } catch {
      // The log must not decide over the answer.
    }
    return problem(error);
  }
}
