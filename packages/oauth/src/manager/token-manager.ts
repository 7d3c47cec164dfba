import { describeValue, type Resource, type Runtime } from "@ghl-edge/core";
import {
  ConfigurationError,
  GrantError,
  NotInstalledError,
  ReauthRequiredError,
  RenewalConfigurationError,
} from "../errors.ts";
import type { GrantState } from "../grant/state.ts";
import { StoreClock } from "../host/store-clock.ts";
import { checkFunction, checkNumber, checkOneOf, checkWaitMs } from "../oauth/app.ts";
import { API_VERSIONS } from "../oauth/installed-locations.ts";
import { createOAuthClient, type ExchangeSettings, type OAuthClient } from "../oauth/oauth-client.ts";
import { exchangedAtMs, fingerprint, type TokenSet } from "../oauth/token-set.ts";
import { resolveRuntime } from "../runtime.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Grant } from "./grant.ts";
import { GrantSources } from "./grant-sources.ts";
import { Grants, MAX_KNOWN_GRANTS } from "./grants.ts";
import { type InstallEvent, timeOf } from "./install-event.ts";
import { installationOf } from "./installation.ts";
import type { AccessTokenRequest, Installation, TokenManagerOptions } from "./options.ts";
import type { RotationStatus } from "./private-integration.ts";
import { PrivateTokens } from "./private-tokens.ts";

/** Time for which a resource counts as one without an OAuth grant beside its private integration token, milliseconds. */
const PRIVATE_ONLY_MS = 60_000;

/**
 * Keeps the tokens of all installations of one app fresh, in any number of processes that share a `TokenStore`. One of
 * them sends each refresh token. After a lost answer the token is sent again, and a received token is never dropped. It is
 * an `AccessTokenProvider` of `@ghl-edge/client`.
 *
 * @example
 * ```ts
 * import { createMemoryTokenStore, TokenManager } from "@ghl-edge/oauth";
 *
 * const tokens = new TokenManager({ clientId: "id", clientSecret: "secret", store: createMemoryTokenStore() });
 *
 * export async function install(code: string): Promise<string> {
 *   const { resource } = await tokens.exchangeCode(code); // stores the tokens of the installation
 *   return tokens.getAccessToken({ resource });
 * }
 * ```
 */
export class TokenManager {
  /** Client of HighLevel's OAuth endpoints, for requests that the manager does not make. */
  readonly client: OAuthClient;
  readonly #options: TokenManagerOptions;
  readonly #runtime: Runtime;
  readonly #grants: Grants;
  readonly #private: PrivateTokens;
  readonly #clock: StoreClock;
  readonly #sources: GrantSources;
  /** Resources that had only a private integration token, and until when that is believed. */
  readonly #privateOnly = new BoundedMap<number>(MAX_KNOWN_GRANTS);

  /**
   * @param options - The app's credentials, the store of the grants, and settings
   * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_CONFIGURATION`)
   */
  constructor(options: TokenManagerOptions) {
    if (typeof options.store?.load !== "function")
      throw new ConfigurationError(`store must be a TokenStore, got ${describeValue(options.store)}`);
    checkWaitMs("maxWaitMs", options.maxWaitMs);
    checkOneOf("apiVersion", options.apiVersion, API_VERSIONS);
    for (const name of ["onEvent", "waitUntil", "companyOf"] as const) checkFunction(name, options[name]);
    if (options.limiter !== undefined) checkFunction("limiter.acquire", Object(options.limiter).acquire ?? "");
    const own = resolveRuntime(options);
    const clock = new StoreClock(options.store, own);
    const runtime: Runtime = { ...own, now: clock.now };
    const client = createOAuthClient({ ...options, now: clock.now });
    const grants = new Grants(options, { client, runtime, clock });
    this.client = client;
    this.#options = options;
    this.#clock = clock;
    this.#runtime = runtime;
    this.#grants = grants;
    this.#sources = new GrantSources(grants, { runtime, companyOf: options.companyOf });
    this.#private = new PrivateTokens({
      store: options.store,
      runtime,
      keyOf: (resource) => grants.keyOf("private", resource),
      onRotationDue: (resource) => grants.notify({ type: "rotation_due", resource, source: "private" }),
    });
  }

  /**
   * Returns a valid access token. It needs no I/O while a known token is valid, and renews the token otherwise. When the request's signal
   * is aborted, it rejects with the signal's reason.
   *
   * @param request - The location or company, and what the operation accepts
   * @returns The access token
   * @throws {GrantError} `NotInstalledError`, `ReauthRequiredError`, `SuspendedError`, `RenewalConfigurationError`,
   *   `TokenUnavailableError` or `StoreError`.
   * @throws {ConfigurationError} when the request names no resource and there is no `defaultResource` (`ERR_GHL_CONFIGURATION`).
   */
  async getAccessToken(request: AccessTokenRequest): Promise<string> {
    const { signal, rejectedToken, acceptedTokenTypes } = request;
    const named = request.resource ?? this.#options.defaultResource;
    if (named === undefined) throw new ConfigurationError("resource is missing, and defaultResource is not set");
    const companyOnly =
      named.kind === "location" &&
      acceptedTokenTypes?.length &&
      acceptedTokenTypes.every((kind) => kind.startsWith("company"));
    const companyId = companyOnly ? await this.#sources.companyOf(named.id) : undefined;
    const resource: Resource = companyId === undefined ? named : { kind: "company", id: companyId };
    const takes = (kind: string): boolean =>
      companyId !== undefined || !acceptedTokenTypes?.length || acceptedTokenTypes.includes(kind);

    const key = this.#grants.keyOf("private", resource);
    const believed = (this.#privateOnly.get(key) ?? 0) > this.#runtime.now() && takes(`${resource.kind}-pit`);
    let refusal: GrantError | undefined;
    if (takes(resource.kind) && !believed) {
      const grant = await this.#sources.grantOf(resource);
      if (grant) {
        if (rejectedToken !== undefined) await grant.rejected(rejectedToken);
        try {
          return await this.#tokenOf(grant, resource, signal);
        } catch (error) {
          if (!(error instanceof NotInstalledError)) throw error;
          refusal = error;
        }
      }
    }
    const token = takes(`${resource.kind}-pit`) ? await this.#private.token(resource, rejectedToken) : undefined;
    if (token !== undefined) {
      if (takes(resource.kind) && !believed) this.#privateOnly.set(key, this.#runtime.now() + PRIVATE_ONLY_MS);
      return token;
    }
    throw refusal ?? new NotInstalledError("the app is not installed, or its code was not exchanged yet", { resource });
  }

  /**
   * Exchanges the code of the redirect, and stores the tokens. It rejects with the errors of `OAuthClient.exchangeCode`.
   *
   * @param code - The code of the redirect (`parseCallback`)
   * @param settings - Settings of the request
   * @returns The installation, without its tokens
   */
  async exchangeCode(code: string, settings?: ExchangeSettings): Promise<Installation> {
    // The time of the exchange is the store's. A store that fails costs the code nothing: the tokens wait in memory.
    await this.#clock.set().catch(() => {});
    return this.storeTokens(await this.client.exchangeCode(code, settings));
  }

  /**
   * Stores tokens that came from elsewhere. They replace the stored tokens of the installation.
   *
   * @param tokens - The tokens, as `OAuthClient` returns them
   * @returns The installation, without its tokens
   * @throws {AnswerError} when the tokens name neither a location nor a company (`ERR_GHL_CUT_ANSWER`)
   * @throws {ConfigurationError} when a time of the tokens is invalid (`ERR_GHL_CONFIGURATION`)
   */
  async storeTokens(tokens: TokenSet): Promise<Installation> {
    const installation = installationOf(tokens);
    const { resource, companyId } = installation;
    const { refreshToken, obtainedAtMs, expiresAtMs } = tokens;
    checkNumber("tokens.obtainedAtMs", obtainedAtMs, { min: 0 });
    checkNumber("tokens.expiresAtMs", expiresAtMs, { min: obtainedAtMs });
    const { store } = this.#grants.refreshable(resource);
    await store.save(
      {
        type: "exchanged",
        token: {
          obtainedAtMs,
          expiresAtMs,
          ...(refreshToken === undefined ? {} : { tokenId: await fingerprint(refreshToken) }),
        },
        installedAtMs: exchangedAtMs(tokens),
        random: this.#runtime.random(),
        ...(companyId === undefined ? {} : { companyId }),
      },
      tokens,
      () => {},
    );
    this.#sources.forget(resource);
    this.#privateOnly.delete(this.#grants.keyOf("private", resource));
    return installation;
  }

  /**
   * Records a verified INSTALL event. The event may come before the code, twice, or late.
   *
   * @param install - The event
   * @throws {ConfigurationError} when the event has no time (`ERR_GHL_CONFIGURATION`).
   */
  async installed(install: InstallEvent): Promise<void> {
    const { resource, companyId } = install;
    const event = {
      type: "installed",
      atMs: timeOf(install),
      ...(companyId === undefined ? {} : { companyId }),
    } as const;
    if (resource.kind === "location") await this.#grants.store("derived", resource).apply(event);
    // A location's own grant is made by its code; an event may only lift the tombstone of one.
    await this.#grants.store("refreshable", resource).apply(event, {
      guard: (record) => resource.kind === "company" || record.epoch > 0,
    });
  }

  /**
   * Records a verified UNINSTALL event. It deletes the tokens, unless the event is older than the newest install.
   *
   * @param uninstall - The event
   * @throws {ConfigurationError} when the event has no time (`ERR_GHL_CONFIGURATION`).
   */
  async uninstalled(uninstall: InstallEvent): Promise<void> {
    const { resource } = uninstall;
    const event = { type: "uninstalled", atMs: timeOf(uninstall) } as const;
    await this.#grants.store("refreshable", resource).apply(event);
    if (resource.kind === "location") await this.#grants.store("derived", resource).apply(event);
    this.#sources.forget(resource);
  }

  /**
   * Stores a private integration token. The earlier one stays in use beside it for 7 days.
   *
   * @param resource - The location or company of the token
   * @param token - The token
   * @param createdAtMs - When it was created, Unix milliseconds. Default: now
   * @returns When it has to be rotated
   * @throws {ConfigurationError} when `createdAtMs` is not a number from 0 (`ERR_GHL_CONFIGURATION`)
   */
  storePrivateToken(
    resource: Resource,
    token: string,
    createdAtMs: number = this.#runtime.now(),
  ): Promise<RotationStatus> {
    checkNumber("createdAtMs", createdAtMs, { min: 0 });
    return this.#private.store(resource, token, createdAtMs);
  }

  /**
   * Returns when the private integration token of a resource has to be rotated.
   *
   * @param resource - The location or company of the token
   * @returns The status, or `undefined` when no token is stored
   */
  privateTokenStatus(resource: Resource): Promise<RotationStatus | undefined> {
    return this.#private.status(resource);
  }

  /**
   * Returns the state of an installation, without its tokens.
   *
   * @param resource - The location or company of the installation
   * @returns The state, or `undefined` when nothing is stored
   */
  async state(resource: Resource): Promise<GrantState | undefined> {
    const own = await this.#grants.store("refreshable", resource).load();
    if (own.epoch > 0 || resource.kind === "company") return own.epoch > 0 ? own.state : undefined;
    const derived = await this.#grants.store("derived", resource).load();
    return derived.epoch > 0 ? derived.state : undefined;
  }

  /**
   * Renews what is due, without a caller. Call it from an alarm or a cron job for each installation.
   *
   * @param resource - The location or company of the installation
   * @returns Time of the next call, Unix milliseconds. `undefined`: no call is needed.
   */
  async tick(resource: Resource): Promise<number | undefined> {
    await this.#private.token(resource, undefined);
    const wakesMs = await Promise.all((await this.#sources.grantsOf(resource)).map((grant) => grant.tick()));
    const due = wakesMs.filter((atMs) => atMs !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /**
   * Retries the renewal now, whatever the state is. Use it after a fix of the settings, or to test a dead grant once more.
   *
   * @param resource - The location or company of the installation
   */
  async retry(resource: Resource): Promise<void> {
    await Promise.all((await this.#sources.grantsOf(resource)).map((grant) => grant.retry()));
  }

  /** The grant's token; one that is minted instead where a location's own grant is refused. */
  async #tokenOf(grant: Grant, resource: Resource, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await grant.token(signal);
    } catch (error) {
      if (!(error instanceof ReauthRequiredError || error instanceof RenewalConfigurationError)) throw error;
      const other = await this.#sources.grantOf(resource);
      if (other === undefined || other === grant) throw error;
      return await other.token(signal).catch((cause: unknown) => {
        throw cause instanceof GrantError ? error : cause;
      });
    }
  }
}

/**
 * Creates a token manager for one app.
 *
 * @param options - The app's credentials, the store of the grants, and settings
 * @returns The manager
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_CONFIGURATION`)
 * @example
 * ```ts
 * import { createMemoryTokenStore, createTokenManager } from "@ghl-edge/oauth";
 *
 * const tokens = createTokenManager({ clientId: "id", clientSecret: "secret", store: createMemoryTokenStore() });
 * // first, in the route of the redirect URI
 * export const install = (code: string) => tokens.exchangeCode(code);
 * // then, before each call
 * export const tokenOf = (locationId: string) => tokens.getAccessToken({ resource: { kind: "location", id: locationId } });
 * ```
 */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  return new TokenManager(options);
}
