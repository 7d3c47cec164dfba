import type { RotationStatus, TokenSet } from "@ghl-edge/oauth";
import type {
  InstallationChange,
  InstallationStatus,
  KeyUse,
  TokenGrantApi,
  TokenRequest,
} from "../../domain/contracts/token-grant.ts";
import type { Tenant } from "../../domain/grants/token-record.ts";
import type { TokenReply } from "../../domain/grants/token-reply.ts";
import type { Isolate } from "../../isolate.ts";
import { readObjects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { createEventOutbox } from "../event-outbox.ts";
import { GatewayObject } from "../gateway-object.ts";
import { DueJobs } from "./due-jobs.ts";
import { createGrantStore } from "./grant-store.ts";
import { ResourceGrants } from "./grants/resource-grants.ts";
import { createInstallHistory } from "./installations/install-history.ts";
import { Installations } from "./installations/installations.ts";
import { PendingApproval } from "./installations/pending-approval.ts";
import { LocationNotifier } from "./location-notifier.ts";
import { createLocationOutbox } from "./location-outbox.ts";
import type { Notify } from "./notify.ts";
import { PrivateTokens } from "./secrets/private-tokens.ts";
import { SealedRecords } from "./secrets/sealed-records.ts";
import { SEAL_BROKEN } from "./secrets/stored-secrets.ts";

/**
 * Holds all secrets of one resource under one app, and the lock around them. They are its own grant, a location's grant that is derived from
 * its company's, and a private integration token. The object loads what is stored before each call, and notifies other objects of changes.
 *
 * Its parts do the work. `SealedRecords` stores secrets. `PendingApproval`, `ResourceGrants` and `PrivateTokens` each hold one kind of them.
 * `Installations` applies installs and uninstalls. `LocationNotifier` notifies a company's locations, and `DueJobs` runs the alarm.
 */
export class TokenGrant extends GatewayObject implements TokenGrantApi {
  readonly #store = createGrantStore(this.ctx.storage.sql);
  readonly #objects = readObjects(this.env);
  readonly #events = createEventOutbox(this.ctx.storage.sql, this.#objects);
  readonly #locations = createLocationOutbox(this.ctx.storage.sql);
  readonly #locationNotifier = new LocationNotifier(this.#locations, this.#objects);
  readonly #notify: Notify = ({ app, resource }, name, data) => {
    this.#events.add({ app, resource, name, data, atMs: Date.now(), uniqueId: crypto.randomUUID() });
    this.#schedule();
    this.ctx.waitUntil(this.#events.send());
  };
  readonly #records = new SealedRecords({
    store: this.#store,
    storage: this.ctx.storage,
    // It is read at each use, so that an object that is made while the configuration is missing keeps its alarm.
    config: () => this.isolate.readConfig(this.env),
    notify: this.#notify,
  });
  readonly #pendingApproval = new PendingApproval(this.#records, this.ctx.storage);
  readonly #grants = new ResourceGrants({
    records: this.#records,
    pendingApproval: this.#pendingApproval,
    objects: this.#objects,
    storage: this.ctx.storage,
    notify: this.#notify,
    schedule: () => this.#schedule(),
    waitUntil: (work) => this.ctx.waitUntil(work),
    successPercent: () => this.isolate.successPercent(this.env),
  });
  readonly #private = new PrivateTokens({
    records: this.#records,
    storage: this.ctx.storage,
    notify: this.#notify,
    schedule: () => this.#schedule(),
  });
  readonly #installations = new Installations({
    grants: this.#grants,
    pendingApproval: this.#pendingApproval,
    history: createInstallHistory(this.ctx.storage.kv),
    locations: this.#locations,
    storage: this.ctx.storage,
    notifyLocations: (company) => {
      this.#schedule();
      this.ctx.waitUntil(this.#locationNotifier.notify(company));
    },
  });
  readonly #jobs = new DueJobs(
    this.ctx.storage,
    [
      { name: "load", run: () => this.#ensureLoaded(), dueAtMs: () => undefined, isRetried: true },
      { name: "renew", run: () => this.#grants.renewDue(), dueAtMs: () => this.#grants.renewAtMs() },
      { name: "mint", run: () => this.#grants.mintDue(), dueAtMs: () => this.#grants.mintAtMs() },
      { name: "remind", run: () => this.#remind(), dueAtMs: () => this.#private.remindAtMs() },
      {
        name: "notify_locations",
        run: () => this.#notifyLocations(),
        dueAtMs: () => (this.#locations.pending(1).length > 0 ? "soon" : undefined),
      },
      {
        name: "notify_endpoints",
        run: () => this.#events.send(),
        dueAtMs: () => (this.#events.hasPending() ? "soon" : undefined),
      },
    ],
    () => this.#store.tenant()?.app,
  );
  #loading: Promise<void> | undefined;

  constructor(state: DurableObjectState, env: Env, isolate: Isolate) {
    super(state, env, isolate);
    // An error here would end the alarm and what is pending with it. A caller who needs the secrets gets the error.
    void state.blockConcurrencyWhile(() => this.#ensureLoaded().catch(() => {}));
  }

  /** Reads what is stored, once. After a failure the next call reads it again. */
  #ensureLoaded(): Promise<void> {
    this.#loading ??= this.#load().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const stored = await this.#records.open();
    if (stored === undefined) return;
    const { context, secrets } = stored;
    this.#grants.restore(context, secrets.grants);
    this.#pendingApproval.restore(context, secrets.pendingApproval);
    this.#private.restore(secrets.privateIntegration);
    this.#records.restore(context, secrets.unreadable);
  }

  async installTokens(tenant: Tenant, tokens: TokenSet): Promise<boolean> {
    await this.#ensureLoaded();
    const isInstalled = await this.#installations.installTokens(tenant, tokens);
    if (isInstalled) await this.#changed(tenant);
    return isInstalled;
  }

  async storeForApproval(tenant: Tenant, tokens: TokenSet): Promise<boolean> {
    await this.#ensureLoaded();
    const isInstalled = await this.#installations.storeForApproval(tenant, tokens);
    if (isInstalled) await this.#changed(tenant);
    return isInstalled;
  }

  async approve(tenant: Tenant): Promise<boolean> {
    await this.#ensureLoaded();
    const isInstalled = await this.#installations.approve(tenant);
    if (isInstalled) await this.#changed(tenant);
    return isInstalled;
  }

  async retry(): Promise<boolean> {
    await this.#ensureLoaded();
    const isTried = await this.#grants.retry();
    const tenant = this.#store.tenant();
    if (isTried && tenant !== undefined) await this.#changed(tenant);
    return isTried;
  }

  async applyInstallEvent(change: InstallationChange): Promise<void> {
    // A change without a time cannot be put in order with the others.
    if (!Number.isFinite(change.atMs)) return;
    await this.#ensureLoaded();
    const isInstalled = await this.#installations.applyInstallEvent(change);
    // Without an approval there are no other tokens, so no cached one is dropped.
    await (isInstalled ? this.#changed(change) : this.ctx.storage.sync());
  }

  async applyUninstallEvent(change: InstallationChange): Promise<void> {
    // A change without a time may be about an earlier installation: no tokens are removed for it.
    if (!Number.isFinite(change.atMs)) return;
    await this.#ensureLoaded();
    await this.#installations.applyUninstallEvent(change);
    if (change.forgetsAll === true) this.#private.remove();
    await this.#changed(change);
  }

  async storePrivateToken(tenant: Tenant, token: string, createdAtMs = Date.now()): Promise<RotationStatus> {
    await this.#ensureLoaded();
    const status = await this.#private.add(tenant, token, createdAtMs);
    await this.#changed(tenant);
    return status;
  }

  async accessToken(request: TokenRequest): Promise<TokenReply> {
    await this.#ensureLoaded();
    const { app, resource, acceptedTokenTypes, rejectedToken } = request;
    let reply: TokenReply = { ok: false, reason: "not_installed" };
    if (acceptedTokenTypes !== "private") reply = await this.#grants.token(request);
    if (reply.ok || (reply.reason !== "not_installed" && reply.reason !== "install_pending")) return reply;
    if (acceptedTokenTypes === "oauth") return reply;
    if (this.#records.unreadable.has("private"))
      return { ok: false, reason: "reauth_required", answerCode: SEAL_BROKEN };
    return this.#private.answer({ app, resource }, rejectedToken) ?? reply;
  }

  async mintingToken(request: TokenRequest, locationId: string): Promise<TokenReply> {
    const reply = await this.accessToken(request);
    if (reply.ok) this.#locations.remember(locationId);
    return reply;
  }

  async status(): Promise<InstallationStatus> {
    await this.#ensureLoaded();
    return {
      grant: this.#grants.state("refreshable"),
      derived: this.#grants.state("derived"),
      privateIntegration: this.#private.status(),
      privateRefusal: this.#private.refusal(),
      pendingApproval: this.#pendingApproval.status(),
      unreadable: [...this.#records.unreadable],
    };
  }

  async keyUse(): Promise<KeyUse | undefined> {
    await this.#ensureLoaded();
    return this.#records.keyUse();
  }

  async servedLocations(afterId: string, limit: number): Promise<readonly string[]> {
    return this.#locations.known(afterId, limit);
  }

  override async alarm(): Promise<void> {
    await this.#jobs.run();
  }

  #schedule(): void {
    void this.#jobs.schedule();
  }

  async #remind(): Promise<void> {
    const context = await this.#records.context();
    if (context !== undefined) await this.#private.remind(context.tenant);
  }

  /** Needs no secrets: the tenant is stored in the clear beside them. */
  async #notifyLocations(): Promise<boolean> {
    const tenant = this.#store.tenant();
    return tenant === undefined || this.#locationNotifier.notify({ app: tenant.app, resource: tenant.resource });
  }

  /** Waits until the change is durable, then makes the holders of a cached token ask again. */
  async #changed({ app, resource }: Tenant): Promise<void> {
    await this.ctx.storage.sync();
    await retryOnce(
      () => this.#objects.coordinator(app, resource),
      (coordinator) => coordinator.tokenChanged(),
    );
  }
}
