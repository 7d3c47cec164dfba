import { appIdOf, describeValue, type Resource, type RuntimeOptions } from "@ghl-edge/core";
import { AnswerError, ConfigurationError } from "../errors.ts";
import { REQUEST_TIMEOUT_MS } from "../grant/timing.ts";
import { resolveRuntime } from "../runtime.ts";
import {
  API_BASE_URL,
  type AppCredentials,
  checkBaseUrl,
  checkCredentials,
  checkOneOf,
  checkText,
  checkToken,
  checkWaitMs,
} from "./app.ts";
import { type AuthorizeUrlOptions, authorizeUrl } from "./authorize-url.ts";
import {
  API_VERSIONS,
  type ApiVersion,
  type InstalledLocation,
  type InstalledLocationsQuery,
  listInstalledLocations,
} from "./installed-locations.ts";
import { type EndpointAnswer, type EndpointRequest, type ResponseHead, sendRequest } from "./request.ts";
import { parseTokenSet, type TokenSet, type UserType } from "./token-set.ts";

export interface OAuthClientOptions extends AppCredentials, RuntimeOptions {
  /** Base URL of the requests and of `authorizeUrl`. Default: HighLevel's. */
  readonly baseUrl?: string | undefined;
  /** Time-out of one request, milliseconds. Default: 6,000. */
  readonly timeoutMs?: number | undefined;
}

/** Settings of one call. */
export interface RequestSettings {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when the head of the answer has arrived. */
  readonly onResponse?: ((head: ResponseHead) => void) | undefined;
}

export interface ExchangeSettings extends RequestSettings {
  readonly redirectUri?: string | undefined;
  readonly userType?: UserType | undefined;
}

export interface LocationTokenRequest extends RequestSettings {
  /** A company's OAuth token with `oauth.write`. */
  readonly companyAccessToken: string;
  readonly companyId: string;
  readonly locationId: string;
  /** API version of the endpoint. Default: `2021-07-28`. */
  readonly apiVersion?: ApiVersion | undefined;
}

export interface UninstallRequest extends RequestSettings {
  /** A token with `oauth.write`. */
  readonly accessToken: string;
  readonly resource: Resource;
  readonly reason?: string | undefined;
  readonly appId?: string | undefined;
}

/**
 * Client of HighLevel's OAuth endpoints, with one method for each. It stores nothing and repeats nothing: a `TokenManager` does that.
 * Every method rejects with `AnswerError`, `TimeoutError` or `NetworkError`, or with the reason of its signal. An invalid argument
 * rejects with `ConfigurationError`, and nothing is sent.
 */
export interface OAuthClient {
  readonly clientId: string;
  readonly appId: string;
  /**
   * Builds the URL that a user is sent to. Client id and redirect URI are filled in.
   *
   * @param options - Scopes and state
   * @returns The absolute URL
   * @throws {ConfigurationError} when an option is missing or invalid (`ERR_GHL_CONFIGURATION`)
   */
  authorizeUrl(options: AuthorizeUrlOptions): string;
  /**
   * Exchanges the code of the redirect for tokens. A code works once.
   *
   * @param code - The code (`parseCallback`)
   * @param settings - Settings of the request
   * @returns The tokens
   * @throws {AnswerError} when HighLevel refuses the request, or its answer cannot be used. `code` says why
   * @throws {TimeoutError} when no answer came in time (`ERR_GHL_TIMEOUT`)
   * @throws {NetworkError} when the connection failed (`ERR_GHL_NETWORK`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_CONFIGURATION`)
   */
  exchangeCode(code: string, settings?: ExchangeSettings): Promise<TokenSet>;
  /**
   * Refreshes the tokens of an installation. The refresh token that is sent is used up, whether or not the answer arrives.
   *
   * @param refreshToken - The newest refresh token
   * @param settings - Settings of the request
   * @returns The tokens
   * @throws {AnswerError} when HighLevel refuses the request, or its answer cannot be used. `code` says why
   * @throws {TimeoutError} when no answer came in time (`ERR_GHL_TIMEOUT`)
   * @throws {NetworkError} when the connection failed (`ERR_GHL_NETWORK`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_CONFIGURATION`)
   */
  refresh(refreshToken: string, settings?: ExchangeSettings): Promise<TokenSet>;
  /**
   * Mints a location's token from its company's token. The request can be repeated.
   *
   * @param request - The location, its company, and the company's access token
   * @returns The tokens
   * @throws {AnswerError} when HighLevel refuses the request, or its answer cannot be used. `code` says why
   * @throws {TimeoutError} when no answer came in time (`ERR_GHL_TIMEOUT`)
   * @throws {NetworkError} when the connection failed (`ERR_GHL_NETWORK`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_CONFIGURATION`)
   */
  locationToken(request: LocationTokenRequest): Promise<TokenSet>;
  /**
   * Lists the locations in which a company has installed the app: all pages, each location once.
   *
   * @param query - The company and its access token
   * @returns The locations. A page is requested when it is needed
   * @throws {PaginationError} when a page repeats (`ERR_GHL_PAGINATION`)
   * @throws {AnswerError} when HighLevel refuses the request, or its answer cannot be used. `code` says why
   * @throws {TimeoutError} when no answer came in time (`ERR_GHL_TIMEOUT`)
   * @throws {NetworkError} when the connection failed (`ERR_GHL_NETWORK`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_CONFIGURATION`)
   */
  installedLocations(query: InstalledLocationsQuery): AsyncGenerator<InstalledLocation, void, undefined>;
  /**
   * Removes the app from a location or a company. HighLevel has no other way to revoke a token.
   *
   * @param request - The location or company, and a token with `oauth.write`
   * @throws {AnswerError} when HighLevel refuses the request, or its answer cannot be used. `code` says why
   * @throws {TimeoutError} when no answer came in time (`ERR_GHL_TIMEOUT`)
   * @throws {NetworkError} when the connection failed (`ERR_GHL_NETWORK`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_CONFIGURATION`)
   */
  uninstall(request: UninstallRequest): Promise<void>;
}

const LOCATION_TOKEN_PATHS: Record<ApiVersion, string> = {
  "2021-07-28": "oauth/locationToken",
  v3: "oauth/location-token",
};
const INSTALLED_PATHS: Record<ApiVersion, string> = {
  "2021-07-28": "oauth/installedLocations",
  v3: "oauth/installed-locations",
};

interface SendOptions extends Omit<EndpointRequest, "url" | "timeoutMs" | "signal"> {
  /** Parameters of the query. */
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * Creates a client of HighLevel's OAuth endpoints for one app. Each call is one request, and nothing is stored.
 *
 * @param options - The app's credentials, and settings of its requests
 * @returns The client
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_CONFIGURATION`)
 * @example
 * ```ts
 * import { createOAuthClient } from "@ghl-edge/oauth";
 *
 * export async function exchange(code: string): Promise<string | undefined> {
 *   const client = createOAuthClient({ clientId: "5f0000000000000000000001-lx2k9d3a", clientSecret: "secret" });
 *   const { locationId } = await client.exchangeCode(code, { userType: "Location" });
 *   return locationId;
 * }
 * ```
 */
export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  checkCredentials(options);
  const { clientId, clientSecret } = options;
  const appId = appIdOf(clientId);
  checkWaitMs("timeoutMs", options.timeoutMs);
  const baseUrl = checkBaseUrl(options.baseUrl ?? API_BASE_URL);
  const base = baseUrl.href.replace(/\/*$/, "/");
  // Another address than HighLevel's stands in for all of HighLevel, the page that installs included.
  const pages = baseUrl.origin === API_BASE_URL ? {} : { host: baseUrl.origin };
  const runtime = resolveRuntime(options);

  const send = async (
    path: string,
    settings: RequestSettings | undefined,
    { query = {}, ...request }: SendOptions,
  ): Promise<EndpointAnswer> => {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const timeoutMs = settings?.timeoutMs ?? options.timeoutMs ?? REQUEST_TIMEOUT_MS;
    checkWaitMs("timeoutMs", timeoutMs);
    return sendRequest(runtime, {
      ...request,
      url,
      timeoutMs,
      signal: settings?.signal,
      onResponse: settings?.onResponse,
    });
  };
  const tokens = async (
    path: string,
    settings: RequestSettings | undefined,
    request: Pick<EndpointRequest, "headers" | "form">,
  ): Promise<TokenSet> => {
    const answer = await send(path, settings, { method: "POST", ...request });
    const set = parseTokenSet(answer.body, answer.sentAtMs);
    if (set) return set;
    throw new AnswerError(
      { kind: "retryable", code: "ERR_GHL_CUT_ANSWER", ambiguous: true },
      { status: answer.status, endpoint: `POST /${path}` },
    );
  };
  const bearer = (accessToken: string, version: ApiVersion): Record<string, string> => ({
    authorization: `Bearer ${accessToken}`,
    version,
  });
  // Snake case, a form and no Version header: what the dated document, the live page and both official SDKs agree on.
  const exchange = (grant: Record<string, string>, settings: ExchangeSettings | undefined): Promise<TokenSet> =>
    tokens("oauth/token", settings, {
      form: {
        client_id: clientId,
        client_secret: clientSecret,
        ...grant,
        user_type: settings?.userType ?? options.userType,
        redirect_uri: settings?.redirectUri ?? options.redirectUri,
      },
    });

  return {
    clientId,
    appId,
    authorizeUrl: (urlOptions) =>
      authorizeUrl(
        urlOptions.installUrl === undefined
          ? { clientId, redirectUri: options.redirectUri, ...pages, ...urlOptions }
          : urlOptions,
      ),
    async exchangeCode(code, settings) {
      checkText("code", code);
      return exchange({ grant_type: "authorization_code", code }, settings);
    },
    async refresh(refreshToken, settings) {
      checkText("refreshToken", refreshToken);
      return exchange({ grant_type: "refresh_token", refresh_token: refreshToken }, settings);
    },
    async locationToken({ companyAccessToken, companyId, locationId, apiVersion = "2021-07-28", ...settings }) {
      checkToken("companyAccessToken", companyAccessToken);
      checkText("companyId", companyId);
      checkText("locationId", locationId);
      checkOneOf("apiVersion", apiVersion, API_VERSIONS);
      return tokens(LOCATION_TOKEN_PATHS[apiVersion], settings, {
        headers: bearer(companyAccessToken, apiVersion),
        form: { companyId, locationId },
      });
    },
    async *installedLocations(query) {
      const apiVersion = query.apiVersion ?? "2021-07-28";
      checkToken("accessToken", query.accessToken);
      checkText("companyId", query.companyId);
      checkOneOf("apiVersion", apiVersion, API_VERSIONS);
      const headers = bearer(query.accessToken, apiVersion);
      yield* listInstalledLocations(
        (page) => send(INSTALLED_PATHS[apiVersion], { signal: query.signal }, { method: "GET", headers, query: page }),
        query,
        appId,
      );
    },
    async uninstall({ accessToken, resource, reason, appId: otherAppId, ...settings }) {
      checkToken("accessToken", accessToken);
      checkOneOf("resource.kind", resource.kind ?? "", ["location", "company"]);
      checkText("resource.id", resource.id);
      // another path would be asked for: RFC 3986 section 5.2.4
      if (otherAppId === "" || otherAppId === "." || otherAppId === "..")
        throw new ConfigurationError(`appId must be the id of an app, got ${describeValue(otherAppId)}`);
      const path = `marketplace/app/${encodeURIComponent(otherAppId ?? appId)}/installations`;
      const tenant = resource.kind === "company" ? { companyId: resource.id } : { locationId: resource.id };
      await send(path, settings, {
        method: "DELETE",
        headers: bearer(accessToken, "2021-07-28"),
        json: { ...tenant, ...(reason === undefined ? {} : { reason }) },
      });
    },
  };
}
