import { createSendRequest, isSendableHeader, type SendRequest } from "@ghl-edge/core";
import type { AccessTokenProvider } from "./call/access-token.ts";
import { sleep } from "./call/deadline.ts";
import type { RateLimiter } from "./call/rate-limiter.ts";
import type { RetryOptions } from "./call/retry.ts";
import { type CallContext, makeError } from "./errors/errors.ts";

/** Function that sends a call. It receives one complete `Request`, so that a service binding's or an emulator's `fetch` fits. */
export type Fetch = (request: Request) => Promise<Response>;

/** Options of `createClient`. */
export interface ClientOptions {
  /**
   * A private integration token, an access token, or a provider of tokens. `null` sends no `Authorization`, for a proxy that
   * adds its own.
   */
  readonly auth: string | { readonly privateIntegrationToken: string } | AccessTokenProvider | null;
  /**
   * Base URL of every call, for all modules. Default: HighLevel's host for HighLevel's modules, and the server in its own
   * document for a module of another API. It may have a path, for a proxy.
   */
  readonly baseUrl?: string | undefined;
  /** Function that sends each attempt as one `Request`. Default: the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Time limit in milliseconds for one attempt, from sending to the last byte of the answer; above 0. Default: 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Time limit in milliseconds for a whole call; above 0. Default: no limit. */
  readonly deadlineMs?: number | undefined;
  /** Retry policy. `false` allows one attempt only. */
  readonly retry?: RetryOptions | false | undefined;
  /** Rate limiter that grants a permit for each attempt. Default: none. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** `User-Agent` header, on platforms that allow setting it. */
  readonly userAgent?: string | undefined;
  /** Headers that every call sends. */
  readonly headers?: HeaderFields | undefined;
  /** Clock in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Random numbers from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits between attempts, until `signal` is aborted. Default: a timer. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** Options of a client with their defaults. All its calls share them. */
export interface ClientSettings {
  readonly auth: string | AccessTokenProvider | null;
  /** Absent if each module uses its own server. */
  readonly baseUrl: string | undefined;
  readonly fetch: SendRequest;
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly retry: RetryOptions | false | undefined;
  readonly rateLimiter: RateLimiter | undefined;
  readonly headers: HeaderFields;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const CONTEXT = { operation: "createClient" };

/** Names of numbers that may be 0: no jitter, no waiting, no items of a list. */
const MAY_BE_ZERO = /Delay|Pages|Items/;

/**
 * Checks numbers that each set a limit. NaN or a text would turn the limit off. `Infinity` means no limit. The rule is that
 * of `numberProblem` in core, in less code, because every app carries it.
 *
 * @throws {ConfigurationError} when a number is not above 0
 */
export function checkNumbers(numbers: object, context: CallContext): void {
  for (const name in numbers) {
    const value: unknown = numbers[name as never];
    if (value !== undefined && !(typeof value === "number" && (value > 0 || (value === 0 && MAY_BE_ZERO.test(name)))))
      throw makeError("CONFIGURATION", `${name} must be a number above 0, got ${String(value).slice(0, 40)}`, context);
  }
}

/**
 * Merges options over their defaults. A member that is `undefined` leaves the default.
 *
 * @throws {ConfigurationError} when a limit is not a number above 0
 */
export function settingsOf<Defaults extends object, Options extends object>(
  defaults: Defaults,
  options: Options,
  context: CallContext,
): Defaults & Options {
  // Most calls have no options. They share the settings of the client and copy nothing.
  let settings = defaults as Defaults & Options;
  for (const name in options) if (options[name] !== undefined) settings = { ...settings, [name]: options[name] };
  const { timeoutMs, deadlineMs, retry } = settings as Partial<ClientOptions>;
  checkNumbers({ timeoutMs, deadlineMs, ...(retry as object) }, context);
  return settings;
}

export function clientSettingsOf(options: ClientOptions): ClientSettings {
  const { auth, baseUrl, userAgent, headers } = Object(options) as ClientOptions;
  const token = Object(auth).privateIntegrationToken ?? auth;
  // An empty token is a missing environment variable. This message says so, a 401 would not.
  if (token !== null && !(typeof token === "string" ? token : token?.getAccessToken)) {
    throw makeError(
      "CONFIGURATION",
      `auth must be a token, a token provider or null, got ${token === "" ? '""' : typeof token}`,
      CONTEXT,
    );
  }
  if (baseUrl != null && !(/^https?:\/\/[^?#]+$/.test(baseUrl) && URL.canParse(baseUrl))) {
    // A user or a query may be a secret.
    const got = String(baseUrl)
      .replace(/[^/]*[?#@].*/, "…")
      .slice(0, 40);
    throw makeError("CONFIGURATION", `baseUrl must be an http(s) URL without query or fragment, got "${got}"`, CONTEXT);
  }
  return {
    ...settingsOf({ timeoutMs: 15_000, now: Date.now, random: Math.random, sleep }, options, CONTEXT),
    auth: token,
    fetch: createSendRequest(options.fetch),
    baseUrl: baseUrl?.replace(/\/+$/, ""),
    headers: mergeHeaders({ "user-agent": userAgent }, headers),
  } as ClientSettings;
}

/** Headers by name. A value of `undefined` is not sent. */
export type HeaderFields = Readonly<Record<string, string | undefined>>;

/**
 * Merges layers of headers under lower-case names, so that the caller's header replaces ours instead of being joined to it.
 * A value that no header can carry is refused here, because the error of the platform would quote it, with the token.
 */
export function mergeHeaders(...layers: readonly (HeaderFields | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const layer of layers) {
    for (const name in layer) {
      const value = layer[name];
      if (value === undefined) continue;
      if (!isSendableHeader(name, value)) {
        throw makeError(
          "CONFIGURATION",
          `header ${name.slice(0, 40)} must be a text that HTTP can carry, got another ${typeof value}`,
          CONTEXT,
        );
      }
      // A name that can be sent is ASCII.
      merged[name.toLowerCase()] = value;
    }
  }
  return merged;
}
