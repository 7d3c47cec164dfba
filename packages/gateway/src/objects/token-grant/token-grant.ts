import { DurableObject } from "cloudflare:workers";
import {
  exchangedAtMs,
  type GrantState,
  mayMintInstead,
  nextWakeMs,
  type PrivateIntegration,
  type RotationStatus,
  type TokenSet,
} from "@ghl-edge/oauth";
import type { GatewayEventName, GatewayEvents } from "@ghl-edge/webhooks/gateway";
import type {
  InstallationChange,
  InstallationStatus,
  KeyUse,
  TokenGrantApi,
  TokenRequest,
} from "../../domain/contracts/token-grant.ts";
import { grantEventName } from "../../domain/grant-event.ts";
import { endsGrant, exchangedEvent, isApproved, isNewest } from "../../domain/install-history.ts";
import { isResourceId } from "../../domain/resource.ts";
import { PENDING_APPROVAL, type RecordName, type Source, sealSecrets, type Tenant } from "../../domain/token-record.ts";
import { refusalOf, type TokenReply } from "../../domain/token-reply.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import { readConfig, readObjects } from "../../platform/env.ts";
import { logEvent } from "../../platform/log.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { createEventOutbox, type EventOutbox } from "../event-outbox.ts";
import { ReliableAlarm, type RetryAtMs } from "../reliable-alarm.ts";
import { replyFrom } from "./cell-reply.ts";
import { GrantCell, type Prepared } from "./grant-cell.ts";
import { createGrantStore, type GrantStore, type StoredRecord } from "./grant-store.ts";
import { createInstallHistory } from "./install-history.ts";
import { createLocationOutbox, type LocationOutbox } from "./location-outbox.ts";
import { LocationTeller } from "./location-teller.ts";
import { MintRefusedError, prepareMint } from "./mint.ts";
import { PrivateTokens } from "./private-tokens.ts";
import { type Keeper, keyUseOf, newKeeper, storedKeeper } from "./secret-keeper.ts";
import { createUnreadableReports, readStoredSecrets, SEAL_BROKEN } from "./stored-secrets.ts";

/** An alarm that could not do what was due looks again after this long. */
const LOOK_AGAIN_MS = 8_000;

/**
 * All secrets of one resource under one app, and the lock around them: its own grant, a location's token minted from its
 * company's, a private integration token. What happens to a grant is decided by the machine of `@ghl-edge/oauth`; a
 * `GrantCell` stores and sends what it says. Secrets are also kept in memory, so that a token that lives long enough is
 * answered without I/O.
 */
export class TokenGrant extends DurableObject<Env> implements TokenGrantApi {
  readonly #store: GrantStore = createGrantStore(this.ctx.storage.sql);
  readonly #outbox: LocationOutbox = createLocationOutbox(this.ctx.storage.sql);
  readonly #objects = readObjects(this.env);
  readonly #events: EventOutbox = createEventOutbox(this.ctx.storage.sql, this.#objects);
  readonly #teller = new LocationTeller(this.#outbox, this.#objects);
  readonly #installs = createInstallHistory(this.ctx.storage.kv);
  readonly #told = createUnreadableReports(this.ctx.storage.kv);
  readonly #private = new PrivateTokens({
    kv: this.ctx.storage.kv,
    store: (tenant, record, also) => this.#storePrivate(tenant, record, also),
    tell: (tenant, name, data) => this.#tell(tenant, name, data),
    transaction: (work) => this.ctx.storage.transactionSync(work),
  });
  readonly #cells = new Map<Source, GrantCell>();
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "grant",
    app: () => this.#store.tenant()?.app,
    firstPauseMs: LOOK_AGAIN_MS,
  });
  #loading: Promise<void> | undefined;
  #keeper: Promise<Keeper> | undefined;
  #pendingApproval: TokenSet | undefined;
  /** Whose stored secrets do not open. */
  readonly #unreadable = new Set<RecordName>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    // An error here would end the alarm, and with it what is owed: whoever needs the secrets meets it.
    void state.blockConcurrencyWhile(() => this.#loaded().catch(() => {}));
  }

  /** Read at each use: an object that is made while the configuration is missing keeps its alarm. */
  get #config(): GatewayConfig {
    return readConfig(this.env);
  }

  /** What is stored has been read; it is read again where that has failed. */
  #loaded(): Promise<void> {
    this.#loading ??= this.#load().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const keeper = await storedKeeper(this.#config, this.#store);
    if (keeper === undefined) return;
    const stored = await readStoredSecrets(keeper, this.#store, Date.now());
    for (const { source, state, tokens } of stored.grants) this.#addCell(keeper, source, state, tokens).found();
    this.#pendingApproval = stored.pendingApproval;
    this.#private.found(stored.privateIntegration);
    this.#keeper = Promise.resolve(keeper);
    this.#reportUnreadable(keeper, stored.unreadable);
  }

  async install(tenant: Tenant, tokens: TokenSet): Promise<boolean> {
    return this.#install(tenant, tokens, undefined);
  }

  async #install(tenant: Tenant, tokens: TokenSet, approvedByAtMs: number | undefined): Promise<boolean> {
    await this.#loaded();
    // Answers may be stored in another order than HighLevel gave them: the grant of the newest is the one that works.
    if (!isNewest(this.#installs.read(), tokens)) return false;
    const { approvedLocations = [] } = tokens;
    const installedAtMs = exchangedAtMs(tokens);
    const cell = await this.#cell(tenant, "refreshable");
    const event = await exchangedEvent(tokens, Math.random());
    // Asked once more right before it is stored: while it was sealed a newer one may have come, or an UNINSTALL.
    const isWanted = (): boolean => {
      if (!isNewest(this.#installs.read(), tokens)) return false;
      this.#installs.exchanged(installedAtMs, approvedByAtMs);
      return true;
    };
    if ((await cell.keep(event, tokens, isWanted)) === undefined) return false;
    if (tenant.resource.kind === "company") {
      const locations = approvedLocations.filter(isResourceId);
      this.ctx.storage.transactionSync(() => this.#outbox.owe("installed", installedAtMs, locations));
      void this.#schedule();
      this.ctx.waitUntil(this.#teller.tell(tenant));
    }
    await this.#changed(tenant);
    return true;
  }

  async requestApproval(tenant: Tenant, tokens: TokenSet): Promise<boolean> {
    const keeper = await this.#keep(tenant);
    const secrets = await sealSecrets(keeper.dataKey, tenant, PENDING_APPROVAL, tokens);
    // One that is older than what is stored or pending is void: it waits for nobody.
    if (!isNewest(this.#installs.read(), tokens)) return false;
    if (this.#pendingApproval !== undefined && exchangedAtMs(this.#pendingApproval) > exchangedAtMs(tokens))
      return false;
    this.ctx.storage.transactionSync(() => this.#writeSealed(keeper, PENDING_APPROVAL, { state: null, secrets }));
    this.#pendingApproval = tokens;
    return this.#approvePending(tenant);
  }

  async approve(tenant: Tenant): Promise<boolean> {
    await this.#loaded();
    if (this.#pendingApproval === undefined) return false;
    return this.install(tenant, this.#pendingApproval);
  }

  async retry(): Promise<boolean> {
    await this.#loaded();
    let isTried = false;
    for (const cell of this.#cells.values()) {
      const before = cell.state;
      cell.apply({ type: "retry" });
      if (cell.state === before) continue;
      isTried = true;
      await cell.run().catch((error: unknown) => {
        if (!(error instanceof MintRefusedError)) throw error;
      });
    }
    const tenant = this.#store.tenant();
    if (isTried && tenant !== undefined) await this.#changed(tenant);
    return isTried;
  }

  /** The pending installation becomes the grant where a signed INSTALL approves it. */
  async #approvePending(tenant: Tenant): Promise<boolean> {
    const history = this.#installs.read();
    if (this.#pendingApproval === undefined || !isApproved(history, this.#pendingApproval)) return false;
    return this.#install(tenant, this.#pendingApproval, history.installEventAtMs);
  }

  async installed({ app, resource, atMs, companyId, signed }: InstallationChange): Promise<void> {
    // What has no time cannot be put in order with the others.
    if (!Number.isFinite(atMs)) return;
    const tenant = { app, resource };
    await this.#loaded();
    // Of the company's installation its locations hear by us, which proves nothing about a code of theirs.
    if (signed === true) this.#installs.note("installEventAtMs", atMs);
    const event = { type: "installed", atMs, ...(companyId === undefined ? {} : { companyId }) } as const;
    (await this.#cell(tenant, "refreshable")).apply(event);
    if (resource.kind === "location" && companyId !== undefined) (await this.#cell(tenant, "derived")).apply(event);
    // Else nobody holds a token that this could change.
    if (!(await this.#approvePending(tenant))) await this.ctx.storage.sync();
  }

  async uninstalled({ app, resource, atMs, companyId, signed, forgetsAll }: InstallationChange): Promise<void> {
    // It may be about an earlier installation: no tokens are forgotten for it.
    if (!Number.isFinite(atMs)) return;
    const tenant = { app, resource };
    const event = { type: "uninstalled", atMs } as const;
    if (resource.kind === "location") {
      const derived = await this.#cell(tenant, "derived");
      if (companyId === undefined || derived.state.companyId === companyId) derived.apply(event);
    }
    if (companyId === undefined || resource.kind === "company") {
      const cell = await this.#cell(tenant, "refreshable");
      this.#installs.note(signed === true ? "uninstallEventAtMs" : "removedAtMs", atMs);
      // An operator removes what there is now, however far HighLevel's clock is ahead of ours.
      const isOfGrant = signed !== true || endsGrant(this.#installs.read(), atMs);
      cell.apply(isOfGrant ? { ...event, atMs: Math.max(atMs, cell.state.installedAtMs ?? atMs) } : event);
      if (this.#pendingApproval !== undefined && !isNewest(this.#installs.read(), this.#pendingApproval))
        this.#dropPendingApproval();
      if (resource.kind === "company" && cell.state.status === "uninstalled") {
        this.#outbox.oweAll("uninstalled", atMs);
        void this.#schedule();
        this.ctx.waitUntil(this.#teller.tell(tenant));
      }
    }
    if (forgetsAll === true) {
      this.#store.dropPrivate();
      this.#private.dropped();
    }
    await this.#changed(tenant);
  }

  async keepPrivateToken(tenant: Tenant, token: string, createdAtMs = Date.now()): Promise<RotationStatus> {
    await this.#loaded();
    const status = await this.#private.keep(tenant, token, createdAtMs);
    await this.#changed(tenant);
    return status;
  }

  async accessToken(request: TokenRequest): Promise<TokenReply> {
    await this.#loaded();
    const { acceptedTokenTypes, rejectedToken } = request;
    let refusal: TokenReply = { ok: false, reason: "not_installed" };
    if (acceptedTokenTypes !== "private") {
      const cell = await this.#source(request);
      if (cell !== undefined) refusal = await replyFrom(cell, rejectedToken);
      // A location's own grant that was refused just now: its company's token may serve this very call.
      const other = refusal.ok ? cell : await this.#source(request);
      if (other !== undefined && other !== cell) refusal = await replyFrom(other, rejectedToken);
      if (!refusal.ok && refusal.reason !== "refreshing" && other?.source === "derived")
        refusal = this.#ownRefusal(refusal);
      if (refusal.ok || (refusal.reason !== "not_installed" && refusal.reason !== "install_pending")) return refusal;
    }
    if (acceptedTokenTypes === "oauth") return refusal;
    if (this.#unreadable.has("private")) return { ok: false, reason: "reauth_required", answerCode: SEAL_BROKEN };
    return this.#private.answer({ app: request.app, resource: request.resource }, rejectedToken) ?? refusal;
  }

  async mintingToken(request: TokenRequest, locationId: string): Promise<TokenReply> {
    const reply = await this.accessToken(request);
    if (reply.ok) this.#outbox.remember(locationId);
    return reply;
  }

  async status(): Promise<InstallationStatus> {
    await this.#loaded();
    const pending = this.#pendingApproval;
    return {
      grant: this.#cells.get("refreshable")?.state,
      derived: this.#cells.get("derived")?.state,
      privateIntegration: this.#private.status(),
      privateRefusal: this.#private.refusal(),
      pendingApproval: pending && {
        obtainedAtMs: pending.obtainedAtMs,
        companyId: pending.companyId,
        scopes: pending.scopes,
      },
      unreadable: [...this.#unreadable],
    };
  }

  async keyUse(): Promise<KeyUse | undefined> {
    await this.#loaded();
    const keeper = await this.#keeper;
    return keeper && keyUseOf(keeper, this.#store);
  }

  async servedLocations(afterId: string, limit: number): Promise<readonly string[]> {
    return this.#outbox.known(afterId, limit);
  }

  override async alarm(): Promise<void> {
    await this.#alarm.run(
      [
        { name: "load", run: () => this.#loaded() },
        { name: "renew", run: () => this.#renewDue() },
        { name: "remind", run: () => this.#remind() },
        { name: "tell_locations", run: () => this.#tellLocations() },
        { name: "notify_endpoints", run: () => this.#events.send() },
      ],
      (retryAtMs) => this.#schedule(undefined, retryAtMs),
    );
  }

  async #renewDue(): Promise<void> {
    const grant = this.#cells.get("refreshable");
    const wakeAtMs = grant && nextWakeMs(grant.state);
    if (wakeAtMs !== undefined && wakeAtMs <= Date.now()) await grant?.run();
  }

  async #remind(): Promise<void> {
    const keeper = await this.#keeper;
    if (keeper !== undefined) await this.#private.remind(keeper.tenant);
  }

  /** Needs no secrets: whose object it is stands beside them. */
  async #tellLocations(): Promise<boolean> {
    const tenant = this.#store.tenant();
    return tenant === undefined || this.#teller.tell({ app: tenant.app, resource: tenant.resource });
  }

  /** The grant a token comes from: the resource's own, or for a location without one its company's. */
  async #source(tenant: Tenant): Promise<GrantCell | undefined> {
    const own = this.#cells.get("refreshable");
    const derived = this.#cells.get("derived");
    const isRefused = own === undefined || mayMintInstead(own.read());
    const companyId = derived?.state.companyId ?? own?.state.companyId;
    if (tenant.resource.kind === "company" || !isRefused || companyId === undefined) return own;
    return derived ?? this.#cell(tenant, "derived");
  }

  /** Where the company cannot serve either, a location's own refused grant is what has to be fixed. */
  #ownRefusal(refusal: TokenReply): TokenReply {
    const own = this.#cells.get("refreshable");
    const reading = own?.read();
    if (own === undefined || reading?.kind !== "refused" || reading.reason === "pending") return refusal;
    return refusalOf(reading, own.state);
  }

  async #keep(tenant: Tenant): Promise<Keeper> {
    // Of what is stored and cannot be read, a second key would end what the first one has sealed.
    await this.#loaded();
    this.#keeper ??= newKeeper(this.#config, tenant);
    return this.#keeper;
  }

  async #cell(tenant: Tenant, source: Exclude<Source, "private">): Promise<GrantCell> {
    const keeper = await this.#keep(tenant);
    return this.#cells.get(source) ?? this.#addCell(keeper, source);
  }

  #addCell(
    keeper: Keeper,
    source: Exclude<Source, "private">,
    state?: GrantCell["state"],
    tokens?: TokenSet,
  ): GrantCell {
    const { tenant, dataKey, configurationId } = keeper;
    const companyId = this.#cells.get("refreshable")?.state.companyId;
    const cell: GrantCell = new GrantCell({
      tenant,
      source,
      state,
      companyId: source === "derived" ? companyId : undefined,
      tokens,
      configurationId,
      prepare: () => this.#prepare(keeper, cell),
      seal: (secrets) => sealSecrets(dataKey, tenant, source, secrets),
      store: (next, secrets) => {
        this.ctx.storage.transactionSync(() => {
          if (typeof secrets === "string") {
            this.#writeSealed(keeper, source, { state: next, secrets });
          } else {
            if (this.#store.tenant() === undefined) this.#writeTenant(keeper);
            if (secrets === undefined) this.#store.writeState(source, next);
            else this.#forget(source, next);
          }
          // The pending installation has become this grant, or is older than it.
          const { cause, obtainedAtMs = 0 } = next.current ?? {};
          if (
            cause === "install" &&
            this.#pendingApproval !== undefined &&
            this.#pendingApproval.obtainedAtMs <= obtainedAtMs
          )
            this.#dropPendingApproval();
        });
        void this.#schedule(source === "refreshable" ? next : undefined);
      },
      waitUntil: (work) => this.ctx.waitUntil(work),
      onNotice: ({ notice, code, before, after }) => {
        logEvent("grant", { ...tenant, source, outcome: notice, ...(code && { code }) });
        const name = grantEventName(notice, { before, after });
        if (name !== undefined) this.#tell(tenant, name, { source, code: code ?? null });
      },
    });
    this.#cells.set(source, cell);
    return cell;
  }

  async #prepare({ tenant, client }: Keeper, cell: GrantCell): Promise<Prepared> {
    const { app, resource } = tenant;
    if (client === undefined) throw new MintRefusedError({ ok: false, reason: "misconfigured" });
    const { companyId } = cell.state;
    if (cell.source === "derived")
      return prepareMint({ app, companyId: companyId ?? "", locationId: resource.id, client, objects: this.#objects });
    const userType = resource.kind === "company" ? "Company" : "Location";
    return { renew: (tokens, timeoutMs) => client.refresh(tokens?.refreshToken ?? "", { userType, timeoutMs }) };
  }

  #writeTenant({ tenant, dataKey }: Keeper): void {
    this.#store.writeTenant({ ...tenant, dataKey: dataKey.wrapped });
  }

  /**
   * Where the stored data key does not open, the new one takes its place, and what the other has sealed is gone for good.
   *
   * @returns Whether endpoints were notified that the secrets before do not open: of a grant the machine says that it is over.
   */
  #writeSealed(keeper: Keeper, source: RecordName, record: StoredRecord): boolean {
    if (this.#store.tenant()?.dataKey !== keeper.dataKey.wrapped) {
      this.#store.forgetSecrets();
      this.#writeTenant(keeper);
      this.#unreadable.clear();
    }
    this.#store.write(source, record);
    this.#unreadable.delete(source);
    return this.#told.stored(source);
  }

  #forget(source: RecordName, state: GrantState | null): void {
    this.#store.write(source, { state, secrets: null });
    this.#unreadable.delete(source);
  }

  /** What was kept aside is void, or has become the grant; in the burst of what made it so. */
  #dropPendingApproval(): void {
    this.#forget(PENDING_APPROVAL, null);
    this.#pendingApproval = undefined;
  }

  /** Says once of each that its secrets do not open, and once that they open again. A derived token is made again without a word. */
  #reportUnreadable({ tenant, lostKeyId }: Keeper, unreadable: readonly RecordName[]): void {
    for (const source of unreadable) this.#unreadable.add(source);
    this.ctx.storage.transactionSync(() => {
      const { lost, back } = this.#told.update(unreadable, (source) => this.#store.read(source)?.secrets != null);
      for (const source of lost) {
        const key = lostKeyId === undefined ? {} : { keyId: lostKeyId };
        logEvent("grant", { ...tenant, source, outcome: "unreadable", code: SEAL_BROKEN, ...key });
        this.#tell(tenant, "grant.reauth_required", { source, code: SEAL_BROKEN });
      }
      for (const source of back) this.#tell(tenant, "grant.restored", { source, code: null });
    });
  }

  async #storePrivate(
    tenant: Tenant,
    record: PrivateIntegration,
    also: (wasUnreadable: boolean) => void,
  ): Promise<void> {
    const keeper = await this.#keep(tenant);
    const secrets = await sealSecrets(keeper.dataKey, tenant, "private", record);
    this.ctx.storage.transactionSync(() => also(this.#writeSealed(keeper, "private", { state: null, secrets })));
    void this.#schedule();
  }

  /** Tells the endpoints of the app, after this burst; again until they could be told. */
  #tell<Name extends GatewayEventName>({ app, resource }: Tenant, name: Name, data: GatewayEvents[Name]): void {
    this.#events.add({ app, resource, name, data, atMs: Date.now(), uniqueId: crypto.randomUUID() });
    void this.#schedule();
    this.ctx.waitUntil(this.#events.send());
  }

  /** Whoever holds a token in memory asks again. */
  async #changed({ app, resource }: Tenant): Promise<void> {
    await this.ctx.storage.sync();
    await retryOnce(
      () => this.#objects.coordinator(app, resource),
      (coordinator) => coordinator.tokenChanged(),
    );
  }

  /** The alarm for whatever is due first, in the same burst as what made it due. In an alarm, what has failed comes after its pause. */
  #schedule(
    grant: GrantState | undefined = this.#cells.get("refreshable")?.state,
    retryAtMs?: RetryAtMs,
  ): Promise<void> {
    const nowMs = Date.now();
    const never = Number.POSITIVE_INFINITY;
    const dueAtMs = (job: string, atMs = never): number => (atMs === never ? never : (retryAtMs?.(job) ?? atMs));
    const lookAgainAtMs = nowMs + LOOK_AGAIN_MS;
    const atMs = Math.min(
      retryAtMs?.("load") ?? never,
      dueAtMs("renew", grant && nextWakeMs(grant)),
      dueAtMs("remind", this.#private.remindAtMs()),
      dueAtMs("tell_locations", this.#outbox.owed(1).length > 0 ? lookAgainAtMs : undefined),
      dueAtMs("notify_endpoints", this.#events.hasPending() ? lookAgainAtMs : undefined),
    );
    if (atMs === never) return this.ctx.storage.deleteAlarm();
    const overdueAtMs = retryAtMs === undefined ? nowMs : lookAgainAtMs;
    return this.ctx.storage.setAlarm(atMs <= nowMs ? overdueAtMs : atMs);
  }
}
