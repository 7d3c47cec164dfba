import { describeSecret, describeValue, timingSafeEqual, toBase64Url } from "@ghl-edge/core";
import { CallbackError, ConfigurationError } from "../errors.ts";
import { isProtected } from "./app.ts";

/** Origin of HighLevel's own authorize page. */
export const AUTHORIZE_HOST = "https://marketplace.gohighlevel.com";
/** Origin of the authorize page that does not show HighLevel's name. */
export const WHITE_LABEL_HOST = "https://marketplace.leadconnectorhq.com";

/** Current (HighLevel's documents since 2026-05) and older address of the page. */
const PATHS = { v2: "/v2/oauth/chooselocation", classic: "/oauth/chooselocation" } as const;

/** Options of `authorizeUrl`. */
export interface AuthorizeUrlOptions {
  /** An install link copied from the developer portal: what it says holds unless another option says otherwise. */
  readonly installUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Comes back with the code; see `createState`. HighLevel returns it although its pages do not say so (2026-09). */
  readonly state?: string | undefined;
  /** App or version id of the portal's install link; some apps need it (`error.noversionid` without). */
  readonly versionId?: string | undefined;
  /** `self`: log in in the same tab; HighLevel's default is a new one. */
  readonly loginWindowOpenMode?: "self" | undefined;
  /** Default `v2`. */
  readonly page?: keyof typeof PATHS | undefined;
  /** Default HighLevel's; `WHITE_LABEL_HOST`, an agency's own, or an emulator on this machine. */
  readonly host?: string | undefined;
}

function protectedUrl(text: string, name: string): URL {
  if (!URL.canParse(text) || !isProtected(new URL(text)))
    throw new ConfigurationError(
      `${name} must be an https URL, or an http URL of this machine, got ${describeValue(text)}`,
    );
  return new URL(text);
}

/**
 * Builds the address that a user is sent to, so that they install the app.
 *
 * @param options - The app, its scopes and the state; or an install link of the developer portal
 * @returns The absolute URL
 * @throws {ConfigurationError} when client id, redirect URI or scope is missing, or the host is neither https nor this machine (`ERR_GHL_CONFIGURATION`)
 * @example
 * ```ts
 * import { authorizeUrl, createState } from "@ghl-edge/oauth";
 *
 * export const url = authorizeUrl({
 *   clientId: "5f0000000000000000000001-lx2k9d3a",
 *   redirectUri: "https://app.example/oauth/callback",
 *   scopes: ["contacts.readonly"],
 *   state: createState(),
 * });
 * ```
 */
export function authorizeUrl(options: AuthorizeUrlOptions): string {
  const { installUrl, host, page } = options;
  const url =
    installUrl === undefined ? protectedUrl(host ?? AUTHORIZE_HOST, "host") : protectedUrl(installUrl, "installUrl");
  if (installUrl !== undefined && host !== undefined) {
    const { protocol, host: hostAndPort } = protectedUrl(host, "host");
    url.protocol = protocol;
    url.host = hostAndPort;
  }
  if (installUrl === undefined || page !== undefined) url.pathname = PATHS[page ?? "v2"];
  const query = url.searchParams;
  const given: Record<string, string | undefined> = {
    response_type: "code",
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: options.scopes?.join(" "),
    version_id: options.versionId,
    loginWindowOpenMode: options.loginWindowOpenMode,
    state: options.state,
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  for (const name of ["client_id", "redirect_uri", "scope"])
    if (!query.get(name)) throw new ConfigurationError(`authorizeUrl: ${name} is missing`);
  // A space as %20: unlike a plus it means the same to every server.
  url.search = query.toString().replaceAll("+", "%20");
  return url.href;
}

/**
 * Creates a `state` of 256 random bits. Keep it with the browser (a cookie), accept it once, and for a few minutes only.
 *
 * @returns The state, base64url
 * @example
 * ```ts
 * import { createState } from "@ghl-edge/oauth";
 *
 * export const cookie = `ghl_state=${createState()}; HttpOnly; Secure; SameSite=Lax; Max-Age=600`;
 * ```
 */
export function createState(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * Reads the redirect back from HighLevel.
 *
 * @param url - URL of the request that the browser sent
 * @param expectedState - State that `authorizeUrl` was given. `undefined` accepts an install that began in the marketplace, which no
 *   browser of yours has requested: approve such a one by the signed INSTALL event.
 * @returns The code, and the state where there is one
 * @throws {CallbackError} when the code is missing, the state is another one, or the URL is not absolute (`ERR_GHL_CALLBACK`)
 * @example
 * ```ts
 * import { parseCallback } from "@ghl-edge/oauth";
 *
 * export const codeOf = (request: Request, state: string): string => parseCallback(request.url, state).code;
 * ```
 */
export function parseCallback(url: string | URL, expectedState: string | undefined): { code: string; state?: string } {
  // The platform's own error would carry the URL, and with it the code.
  if (!URL.canParse(url)) throw new CallbackError(`the redirect must be an absolute URL, got ${describeSecret(url)}`);
  const query = new URL(url).searchParams;
  const code = query.get("code");
  const state = query.get("state") ?? undefined;
  if (!code) throw new CallbackError("code is missing in the redirect");
  if (expectedState !== undefined && (state === undefined || !timingSafeEqual(state, expectedState)))
    throw new CallbackError(
      `state of the redirect must be the one that was sent, got ${state === undefined ? "none" : "another one"}`,
    );
  return { code, ...(state === undefined ? {} : { state }) };
}
