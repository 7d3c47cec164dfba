import { describeValue, type Sleep, sleepByTimer } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { type FrameWindow, listenToParent, type ParentOptions } from "../frame.ts";
import { demandNumber, TIME } from "../options.ts";
import { UserContextUnavailableError } from "./errors.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

interface WaitOptions {
  /** Time limit in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** Waits. Default: a timer. */
  readonly sleep?: Sleep;
}

/** Options of `requestUserContext`. */
export interface RequestUserContextOptions extends ParentOptions, WaitOptions {
  /** The page's window. Default: the global one. */
  readonly window?: FrameWindow;
}

/** Rejects after `timeoutMs`, and ends its timer when `work` is done. @throws {ConfigurationError} for an invalid time */
async function within<T>(
  work: Promise<T>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, sleep = sleepByTimer }: WaitOptions,
): Promise<T> {
  demandNumber("timeoutMs", timeoutMs, TIME);
  const done = new AbortController();
  const timeout = sleep(timeoutMs, done.signal).then(() => {
    throw new UserContextUnavailableError("timeout");
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    done.abort();
  }
}

/**
 * Requests the encrypted user context from HighLevel on a custom page. Send it to your server for `decryptUserContext`.
 *
 * @param options - Accepted origins and the time limit
 * @returns The encrypted user context
 * @throws {UserContextUnavailableError} with the reason `not-embedded` or `timeout` (`ERR_GHL_USER_CONTEXT_UNAVAILABLE`)
 * @see https://marketplace.gohighlevel.com/docs/other/user-context-marketplace-apps/index.html (read 2026-11-21)
 * @example
 * ```ts
 * import { requestUserContext } from "@ghl-edge/marketplace/user-context";
 *
 * export async function signIn(): Promise<Response> {
 *   return fetch("/session", { method: "POST", body: await requestUserContext() });
 * }
 * ```
 */
export async function requestUserContext(options: RequestUserContextOptions = {}): Promise<string> {
  const page = options.window ?? (globalThis as unknown as FrameWindow);
  if (page.parent === undefined || page.parent === (page as unknown)) {
    throw new UserContextUnavailableError("not-embedded");
  }
  let stop = (): void => undefined;
  const answer = new Promise<string>((resolve) => {
    stop = listenToParent(page, options, ({ data }) => {
      const { message, payload } = Object(data) as { message?: unknown; payload?: unknown };
      if (message === "REQUEST_USER_DATA_RESPONSE" && typeof payload === "string" && payload !== "") resolve(payload);
    });
  });
  try {
    page.parent.postMessage({ message: "REQUEST_USER_DATA" }, options.targetOrigin ?? "*");
    return await within(answer, options);
  } finally {
    stop();
  }
}

/** Window with HighLevel's function for custom JS. */
export interface SessionWindow {
  readonly exposeSessionDetails?: ((appId: string) => unknown) | undefined;
}

/** Options of `exposeSessionDetails`. */
export interface ExposeSessionDetailsOptions extends WaitOptions {
  /** The page's window. Default: the global one. */
  readonly window?: SessionWindow;
}

/**
 * Requests the encrypted user context in custom JS on HighLevel's own pages, which have a function for it. Send it to your server for
 * `decryptUserContext`.
 *
 * @param appId - Your app's id: the part of the client id before the hyphen
 * @param options - The time limit
 * @returns The encrypted user context
 * @throws {UserContextUnavailableError} with the reason `no-function`, `timeout` or `no-payload`; the last one also when the function fails
 *   (`ERR_GHL_USER_CONTEXT_UNAVAILABLE`)
 * @throws {ConfigurationError} when an argument is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { exposeSessionDetails } from "@ghl-edge/marketplace/user-context";
 *
 * export async function signIn(): Promise<Response> {
 *   const body = await exposeSessionDetails("5f0000000000000000000001");
 *   return fetch("https://app.example/session", { method: "POST", body });
 * }
 * ```
 */
export async function exposeSessionDetails(appId: string, options: ExposeSessionDetailsOptions = {}): Promise<string> {
  if (typeof appId !== "string" || appId === "")
    throw new ConfigurationError(`appId must be a non-empty string, got ${describeValue(appId)}`);
  const page = options.window ?? (globalThis as SessionWindow);
  if (typeof page.exposeSessionDetails !== "function") throw new UserContextUnavailableError("no-function");
  // An error of this function is HighLevel's, so it is not passed on.
  const call = async (): Promise<unknown> => {
    try {
      return await page.exposeSessionDetails?.(appId);
    } catch {
      return undefined;
    }
  };
  const payload = await within(call(), options);
  if (typeof payload !== "string" || payload === "") throw new UserContextUnavailableError("no-payload");
  return payload;
}
