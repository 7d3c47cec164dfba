import { ConfigurationError, UserContextUnavailableError } from "../errors.ts";
import { type FrameWindow, listenToParent, type ParentOptions } from "../frame.ts";
import { demandNumber, TIME } from "../options.ts";
import { type Sleep, sleepByTimer } from "../runtime.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

interface WaitOptions {
  /** Default 5,000. */
  readonly timeoutMs?: number;
  /** Default: a timer. */
  readonly sleep?: Sleep;
}

export interface RequestUserContextOptions extends ParentOptions, WaitOptions {
  /** The page's window. Default: the global one. */
  readonly window?: FrameWindow;
}

/** Rejects after `timeoutMs`, and ends its timer when `work` is done. @throws {ConfigurationError} */
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
 * On a custom page: asks HighLevel around it for the encrypted user context. Send what it gives to your server, for
 * `decryptUserContext`.
 *
 * @throws {UserContextUnavailableError} `not-embedded` · `timeout`.
 * @see https://marketplace.gohighlevel.com/docs/other/user-context-marketplace-apps/index.html (read 2026-11-21)
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

/** Where HighLevel puts its function for custom JS. */
export interface SessionWindow {
  readonly exposeSessionDetails?: ((appId: string) => unknown) | undefined;
}

export interface ExposeSessionDetailsOptions extends WaitOptions {
  /** Default: the global one. */
  readonly window?: SessionWindow;
}

/**
 * In custom JS on HighLevel's own pages: the encrypted user context, from the function HighLevel provides there. Send what it gives
 * to your server, for `decryptUserContext`.
 *
 * @param appId Your app's id: the part of the client id before the hyphen.
 * @throws {UserContextUnavailableError} `no-function` · `timeout` · `no-payload` (also where the function fails).
 */
export async function exposeSessionDetails(appId: string, options: ExposeSessionDetailsOptions = {}): Promise<string> {
  if (typeof appId !== "string" || appId === "") throw new ConfigurationError("appId must not be empty");
  const page = options.window ?? (globalThis as SessionWindow);
  if (typeof page.exposeSessionDetails !== "function") throw new UserContextUnavailableError("no-function");
  // What it throws, at once or later, is theirs.
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
