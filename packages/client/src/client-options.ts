import { createSendRequest, isSendableHeader, type SendRequest } from "@ghl-edge/core";
import type { AccessTokenProvider } from "./access-token.ts";
import { sleep } from "./deadline.ts";
import { type CallContext, makeError } from "./errors.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { RetryOptions } from "./retry.ts";

/** What sends a call: it gets one `Request` that has everything, so that a service binding's or an emulator's `fetch` fits. */
export type Fetch = (request: Request) => Promise<Response>;

/** Options of `createClient`. */
export interface ClientOptions {
  /**
   * A private integration token or an access token, or what keeps them. `null`: no `Authorization` is sent, for a
   * proxy that adds its own.
   */
  readonly auth: string | { readonly privateIntegrationToken: string } | AccessTokenProvider | null;
  /**
   * Where every call goes, of all modules. Default: HighLevel's host for HighLevel's modules, the server of its own
   * document for a module of another API. May have a path, as a proxy's has.
   */
  readonly baseUrl?: string | undefined;
  /** Default: the platform's. A wrapper gets each attempt as one `Request`, without a second argument. */
  readonly fetch?: Fetch | undefined;
  /** Longest time for one attempt, from sending to the last byte of the answer; above 0. Default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Longest time for a whole call; above 0. Default: no limit. */
  readonly deadlineMs?: number | undefined;
  /** `false`: one attempt only. */
  readonly retry?: RetryOptions | false | undefined;
  /** Asked before each attempt. Default: none. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** `User-Agent` header, where the platform lets it be set. */
  readonly userAgent?: string | undefined;
  /** Sent with every call. */
  readonly headers?: HeaderFields | undefined;
  /** Clock in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Random numbers from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits between attempts, until `signal` is aborted. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** What every call of a client shares: the options with their defaults. */
export interface Core {
  readonly auth: string | AccessTokenProvider | null;
  /** Absent: each module's own server. */
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

/** Numbers that may be 0: no jitter, no waiting, nothing of a list. */
const MAY_BE_ZERO = /Delay|Pages|Items/;

/**
 * Checks numbers that each set a limit: one that is no number, or none that can be reached, would turn its limit off.
 * `Infinity` is no limit. The same rule as `numberProblem` of core, in fewer words, because every app carries them.
 *
 * @throws ConfigurationError
 */
export function checkNumbers(numbers: object, context: CallContext): void {
  for (const name in numbers) {
    const value: unknown = numbers[name as never];
    if (value !== undefined && !(typeof value === "number" && (value > 0 || (value === 0 && MAY_BE_ZERO.test(name)))))
      throw makeError("CONFIGURATION", `${name} must be a number above 0, got ${String(value).slice(0, 40)}`, context);
  }
}

/**
 * Options over their defaults: a member that is `undefined` leaves the default.
 *
 * @throws ConfigurationError for a limit that is none
 */
export function settingsOf<Defaults extends object, Options extends object>(
  defaults: Defaults,
  options: Options,
  context: CallContext,
): Defaults & Options {
  const settings: Record<string, unknown> = { ...(defaults as object) };
  for (const name in options) if (options[name] !== undefined) settings[name] = options[name];
  const { timeoutMs, deadlineMs, retry } = settings;
  checkNumbers({ timeoutMs, deadlineMs, ...(retry as object) }, context);
  return settings as Defaults & Options;
}

export function coreOf(options: ClientOptions): Core {
  const { auth, baseUrl, userAgent, headers } = Object(options) as ClientOptions;
  const token = Object(auth).privateIntegrationToken ?? auth;
  // an empty token is a missing environment variable; better said here than by a 401
  if (token !== null && !(typeof token === "string" ? token : token?.getAccessToken)) {
    throw makeError("CONFIGURATION", "auth must be a token, a token provider or null", CONTEXT);
  }
  if (baseUrl != null && !(/^https?:\/\/[^?#]+$/.test(baseUrl) && URL.canParse(baseUrl))) {
    throw makeError("CONFIGURATION", "baseUrl must be an http(s) URL without query or fragment", CONTEXT);
  }
  return {
    ...settingsOf({ timeoutMs: 15_000, now: Date.now, random: Math.random, sleep }, options, CONTEXT),
    auth: token,
    fetch: createSendRequest(options.fetch),
    baseUrl: baseUrl?.replace(/\/+$/, ""),
    headers: mergeHeaders({ "user-agent": userAgent }, headers),
  } as Core;
}

/** Headers by name; `undefined`: not sent. */
export type HeaderFields = Readonly<Record<string, string | undefined>>;

/**
 * Lays headers over each other, in one case, so that one of the caller's replaces one of ours instead of being joined
 * to it. What no header can carry is refused here: the platform's own complaint would quote it, token and all.
 */
export function mergeHeaders(...layers: readonly (HeaderFields | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const layer of layers) {
    for (const name in layer) {
      const value = layer[name];
      if (value === undefined) continue;
      if (!isSendableHeader(name, value)) {
        throw makeError("CONFIGURATION", `header ${name.slice(0, 40)} cannot be sent`, CONTEXT);
      }
      // a name that can be sent is ASCII
      merged[name.toLowerCase()] = value;
    }
  }
  return merged;
}
