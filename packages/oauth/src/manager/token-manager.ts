import { AnswerError, ConfigurationError, type GrantError, NotInstalledError } from "../errors.ts";
import type { GrantState } from "../grant/state.ts";
import { createOAuthClient, type ExchangeSettings, type OAuthClient } from "../oauth/oauth-client.ts";
import { fingerprint, issuedAtMs, type TokenSet } from "../oauth/token-set.ts";
import type { Resource } from "../resource.ts";
import { type Runtime, resolveRuntime } from "../runtime.ts";
import type { Grant } from "./grant.ts";
import { Grants } from "./grants.ts";
import type { AccessTokenRequest, Installation, TokenManagerOptions } from "./options.ts";
import type { RotationStatus } from "./private-integration.ts";
import { PrivateTokens } from "./private-tokens.ts";

/** How long a resource is believed to have no OAuth grant beside its private integration token, milliseconds. */
const PRIVATE_ONLY_MS = 60_000;

/** A verified INSTALL or UNINSTALL event of the app, as far as it matters here. */
export interface InstallEvent {
  readonly resource: Resource;
  /** A location's company, where the event names it. */
  readonly companyId?: string | undefined;
  /** The signed time of the event, Unix milliseconds. */
  readonly atMs: number;
}

/**
 * Keeps the tokens of all installations of one app fresh, in any number of processes that share a `TokenStore`: each
 * refresh token is sent by one of them, an answer that was lost is asked for again, and a token that was received is
 * never dropped. Is an `AccessTokenProvider` of `@ghl-edge/client`.
 */
export class TokenManager {
  /** HighLevel's endpoints, for what the manager does not do. */
  readonly client: OAuthClient;
  readonly #options: TokenManagerOptions;
  readonly #runtime: Runtime;
  readonly #grants: Grants;
  readonly #private: PrivateTokens;
  /** Where a location's token came from last: found again without I/O. */
  readonly #sources = new Map<string, Grant>();
  /** Resources that had only a private integration token, and until when that is believed. */
  readonly #privateOnly = new Map<string, number>();

  constructor(options: TokenManagerOptions) {
    this.client = createOAuthClient(options);
    if (typeof options.store?.load !== "function") throw new ConfigurationError("store is missing");
    this.#options = options;
    this.#runtime = resolveRuntime(options);
    const grants = new Grants(options, this.client, this.#runtime);
    this.#grants = grants;
    this.#private = new PrivateTokens({
      store: options.store,
      runtime: this.#runtime,
      keyOf: (resource) => grants.keyOf("private", resource),
      onRotationDue: (resource) => grants.notify({ type: "rotation_due", resource, source: "private" }),
    });
  }

  /**
   * A token that is good for a while, without I/O when one is known.
   *
   * @throws {GrantError} `NotInstalledError`, `ReauthRequiredError`, `SuspendedError`, `RenewalConfigurationError`,
   *   `TokenUnavailableError` or `StoreError`; the signal's reason when it is aborted.
   */
  async getAccessToken(request: AccessTokenRequest): Promise<string> {
    const { signal, rejectedToken, tokenKinds } = request;
    const named = request.resource ?? this.#options.defaultResource;
    if (named === undefined) throw new ConfigurationError("no resource is named, and no defaultResource is set");
    const companyOnly =
      named.kind === "location" && tokenKinds?.length && tokenKinds.every((kind) => kind.startsWith("company"));
    const companyId = companyOnly ? await this.#companyOf(named.id) : undefined;
    const resource: Resource = companyId === undefined ? named : { kind: "company", id: companyId };
    const takes = (kind: string): boolean =>
      companyId !== undefined || !tokenKinds?.length || tokenKinds.includes(kind);

    const key = this.#grants.keyOf("private", resource);
    const believed = (this.#privateOnly.get(key) ?? 0) > this.#runtime.now() && takes(`${resource.kind}-pit`);
    let refusal: GrantError | undefined;
    if (takes(resource.kind) && !believed) {
      const grant = await this.#grantOf(resource);
      if (grant) {
        if (rejectedToken !== undefined) await grant.rejected(rejectedToken);
        try {
          return await grant.token(signal);
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
    throw (
      refusal ??
      new NotInstalledError("no token: the app is not installed, or its code was not exchanged yet", { resource })
    );
  }

  /** Exchanges the code of the redirect and keeps the tokens. @throws as `OAuthClient.exchangeCode` */
  async exchangeCode(code: string, settings?: ExchangeSettings): Promise<Installation> {
    return this.keepTokens(await this.client.exchangeCode(code, settings));
  }

  /** Keeps tokens that were got elsewhere, in place of what was known of the installation. */
  async keepTokens(tokens: TokenSet): Promise<Installation> {
    const { companyId, locationId, userType = locationId === undefined ? "Company" : "Location" } = tokens;
    const id = userType === "Company" ? companyId : locationId;
    if (id === undefined)
      throw new AnswerError(
        { kind: "retryable", code: "ERR_GHL_CUT_ANSWER", ambiguous: false },
        { status: 200, endpoint: "POST /oauth/token" },
      );
    const resource: Resource = { kind: userType === "Company" ? "company" : "location", id };
    const { refreshToken, obtainedAtMs, expiresAtMs } = tokens;
    const keeper = this.#grants.rotating(resource).keeper;
    await keeper.save(
      {
        type: "exchanged",
        token: {
          obtainedAtMs,
          expiresAtMs,
          ...(refreshToken === undefined ? {} : { tokenId: await fingerprint(refreshToken) }),
        },
        installedAtMs: issuedAtMs(tokens.accessToken) ?? obtainedAtMs,
        random: this.#runtime.random(),
        ...(companyId === undefined ? {} : { companyId }),
      },
      tokens,
      () => {},
    );
    this.#sources.delete(resource.id);
    this.#privateOnly.delete(this.#grants.keyOf("private", resource));
    const { userId, scopes, isBulkInstallation, approvedLocations, installToFutureLocations } = tokens;
    const facts = { companyId, locationId, userId, isBulkInstallation, approvedLocations, installToFutureLocations };
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    return { resource, userType, scopes, ...known };
  }

  /** A verified INSTALL event. May come before the code, twice, or late. */
  async installed({ resource, companyId, atMs }: InstallEvent): Promise<void> {
    const event = { type: "installed", atMs, ...(companyId === undefined ? {} : { companyId }) } as const;
    if (resource.kind === "location") await this.#grants.keeper("minted", resource).apply(event);
    // A location's own grant is made by its code; an event may only lift the tombstone of one.
    await this.#grants.keeper("grant", resource).apply(event, {
      guard: (record) => resource.kind === "company" || record.epoch > 0,
    });
  }

  /** A verified UNINSTALL event: the tokens are forgotten, unless the event is older than the newest install. */
  async uninstalled({ resource, atMs }: InstallEvent): Promise<void> {
    const event = { type: "uninstalled", atMs } as const;
    await this.#grants.keeper("grant", resource).apply(event);
    if (resource.kind === "location") await this.#grants.keeper("minted", resource).apply(event);
    this.#sources.delete(resource.id);
  }

  /** Keeps a private integration token; the one before stays in use beside it for 7 days. */
  keepPrivateToken(
    resource: Resource,
    token: string,
    createdAtMs: number = this.#runtime.now(),
  ): Promise<RotationStatus> {
    return this.#private.keep(resource, token, createdAtMs);
  }

  /** When the private integration token of a resource has to be rotated. */
  privateTokenStatus(resource: Resource): Promise<RotationStatus | undefined> {
    return this.#private.status(resource);
  }

  /** What is known of an installation, without its tokens; `undefined`: nothing. */
  async state(resource: Resource): Promise<GrantState | undefined> {
    const own = await this.#grants.keeper("grant", resource).load();
    if (own.epoch > 0 || resource.kind === "company") return own.epoch > 0 ? own.state : undefined;
    const minted = await this.#grants.keeper("minted", resource).load();
    return minted.epoch > 0 ? minted.state : undefined;
  }

  /**
   * Does what is due without a caller: call it from an alarm or a cron for each installation.
   *
   * @returns when to call it again, Unix milliseconds; `undefined`: not by itself.
   */
  async tick(resource: Resource): Promise<number | undefined> {
    await this.#private.token(resource, undefined);
    return (await this.#grantOf(resource))?.tick();
  }

  /** Tries again now, whatever the state says: after a fix of the settings, or to test a dead grant once more. */
  async retry(resource: Resource): Promise<void> {
    const grant = await this.#grantOf(resource);
    await grant?.retry();
  }

  /** The company of a location. */
  async #companyOf(locationId: string): Promise<string | undefined> {
    const own = this.#grants.keeper("grant", { kind: "location", id: locationId });
    const minted = await this.#grants.mintedState(locationId);
    return (
      minted.companyId ?? (own.known ?? (await own.load())).state.companyId ?? this.#options.companyOf?.(locationId)
    );
  }

  /** The grant a resource's token comes from: its own, or for a location one minted from its company's. */
  async #grantOf(resource: Resource): Promise<Grant | undefined> {
    if (resource.kind === "company") return this.#grants.rotating(resource);
    const source = this.#sources.get(resource.id);
    if (source?.ready() !== undefined && !this.#isCompanyGone(source)) return source;
    const own = this.#grants.rotating(resource);
    const { state } = own.keeper.known ?? (await own.load());
    const hopeless = state.status === "pending" || state.status === "reauth_required";
    const companyId = hopeless ? await this.#companyOf(resource.id) : undefined;
    if (companyId === undefined) return this.#remember(resource, own);
    // A dead grant of a location is replaced by a minted token where its company is installed too.
    const company = this.#grants.rotating({ kind: "company", id: companyId });
    const known = company.keeper.known?.state;
    // What is said to be gone may be back, by another process.
    const { status, current } = known && known.status !== "uninstalled" ? known : (await company.load()).state;
    if (state.status === "reauth_required" && !current) return this.#remember(resource, own);
    return status === "uninstalled" ? undefined : this.#remember(resource, this.#grants.minted(resource.id, companyId));
  }

  #remember(resource: Resource, source: Grant): Grant {
    this.#sources.set(resource.id, source);
    return source;
  }

  /** An uninstalled company takes the tokens minted from it along. */
  #isCompanyGone(grant: Grant): boolean {
    const { companyId } = grant.keeper.options;
    if (companyId === undefined) return false;
    return this.#grants.rotating({ kind: "company", id: companyId }).keeper.known?.state.status === "uninstalled";
  }
}

/** Makes a token manager for one app. @throws {ConfigurationError} */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  return new TokenManager(options);
}
