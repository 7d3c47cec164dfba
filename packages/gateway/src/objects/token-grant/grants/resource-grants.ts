import {
  GrantHost,
  type GrantState,
  type GrantStep,
  mayMintInstead,
  newGrant,
  nextWakeMs,
  type PreparedRenewal,
} from "@ghl-edge/oauth";
import type { TokenRequest } from "../../../domain/contracts/token-grant.ts";
import { grantEventName } from "../../../domain/grants/grant-event.ts";
import type { GrantSource, Tenant } from "../../../domain/grants/token-record.ts";
import { refusalOf, type TokenReply } from "../../../domain/grants/token-reply.ts";
import type { Objects } from "../../../platform/env.ts";
import { logEvent } from "../../../platform/log.ts";
import { logSuccess } from "../../../platform/log-sample.ts";
import type { PendingApproval } from "../installations/pending-approval.ts";
import type { Notify } from "../notify.ts";
import type { TenantContext } from "../secrets/key-provider.ts";
import type { SealedRecords } from "../secrets/sealed-records.ts";
import type { StoredGrant } from "../secrets/stored-secrets.ts";
import { type ResourceGrant, replyFrom } from "./grant-reply.ts";
import { MintRefusedError, prepareMint } from "./mint.ts";
import { MintTurn } from "./mint-turn.ts";
import { ObjectRecordStore } from "./object-record-store.ts";
import { TokenUse } from "./token-use.ts";

/** The ports of `ResourceGrants`. */
export interface ResourceGrantsOptions {
  readonly records: SealedRecords;
  readonly pendingApproval: PendingApproval;
  readonly objects: Objects;
  readonly storage: Pick<DurableObjectStorage, "transactionSync" | "kv">;
  readonly notify: Notify;
  /** Sets the alarm for what is due first. */
  readonly schedule: () => void;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: () => number;
}

/** The two grants of a resource: its own, and for a location the one that is derived from its company's. */
export class ResourceGrants {
  readonly #options: ResourceGrantsOptions;
  readonly #grants = new Map<GrantSource, ResourceGrant>();
  readonly #turn: MintTurn;
  readonly #use: TokenUse;

  constructor(options: ResourceGrantsOptions) {
    this.#options = options;
    this.#turn = new MintTurn(options.storage.kv);
    this.#use = new TokenUse(options.storage.kv);
  }

  /** State of a grant; undefined when the object has none of this source. */
  state(source: GrantSource): GrantState | undefined {
    return this.#grants.get(source)?.store.state;
  }

  /** Restores the stored grants, after the object was activated. */
  restore(context: TenantContext, stored: readonly StoredGrant[]): void {
    for (const grant of stored) this.#add(context, grant.source, grant).store.endInterruptedRequest();
  }

  /** The grant of a source, made where there is none. */
  async ensure(tenant: Tenant, source: GrantSource): Promise<ResourceGrant> {
    const context = await this.#options.records.contextFor(tenant);
    return this.#grants.get(source) ?? this.#add(context, source);
  }

  /** Answers with the token for a call, or says why there is none. */
  async token(request: TokenRequest): Promise<TokenReply> {
    const { rejectedToken } = request;
    const first = await this.#sourceFor(request);
    let reply: TokenReply = { ok: false, reason: "not_installed" };
    if (first !== undefined) reply = await replyFrom(first, rejectedToken);
    // The call that met the refusal of a location's own grant may be served by its company's token.
    const other = reply.ok ? first : await this.#sourceFor(request);
    if (other !== undefined && other !== first) reply = await replyFrom(other, rejectedToken);
    if (reply.ok && other?.source === "derived" && this.#use.note(other.store.state.current, Date.now()))
      this.#options.schedule();
    if (reply.ok || reply.reason === "refreshing" || other?.source !== "derived") return reply;
    return this.#ownRefusal(reply);
  }

  /** Makes the next attempt of each grant that is in trouble now. False: no grant is. */
  async retry(): Promise<boolean> {
    let isTried = false;
    for (const { store, host } of this.#grants.values()) {
      const before = store.state;
      store.apply({ type: "retry" });
      if (store.state === before) continue;
      isTried = true;
      await host.run().catch((error: unknown) => {
        if (!(error instanceof MintRefusedError)) throw error;
      });
    }
    return isTried;
  }

  /** When the resource's own grant is to be renewed. */
  renewAtMs(): number | undefined {
    const state = this.state("refreshable");
    return state && nextWakeMs(state);
  }

  async renewDue(): Promise<void> {
    const atMs = this.renewAtMs();
    if (atMs !== undefined && atMs <= Date.now()) await this.#grants.get("refreshable")?.host.run();
  }

  /**
   * When a derived token is to be minted: at the location's turn, or ahead of the end of a token that is used regularly. The call that needs
   * it mints any other one, because a company may have thousands of locations that nobody calls.
   */
  mintAtMs(): number | undefined {
    if (this.#turn.atMs !== undefined) return this.#turn.atMs;
    const state = this.state("derived");
    if (state === undefined || state.problem !== undefined || !this.#use.isRegular(state.current)) return undefined;
    return nextWakeMs(state);
  }

  async mintDue(): Promise<void> {
    const isDue = (): boolean => (this.mintAtMs() ?? Number.POSITIVE_INFINITY) <= Date.now();
    if (!isDue()) return;
    const context = await this.#options.records.context();
    const grant = context && (await this.#sourceFor(context.tenant));
    if (grant?.source === "derived")
      await grant.host.run().catch((error: unknown) => {
        if (!(error instanceof MintRefusedError)) throw error;
      });
    if (!isDue()) return;
    // Nothing was minted, and no time is known at which it can be: the next call begins again.
    this.#turn.clear();
    if (isDue()) this.#use.restart();
  }

  /** The grant that a token comes from: the resource's own, or for a location without one its company's. */
  async #sourceFor(tenant: Tenant): Promise<ResourceGrant | undefined> {
    const own = this.#grants.get("refreshable");
    const derived = this.#grants.get("derived");
    const isRefused = own === undefined || mayMintInstead(own.store.read());
    const companyId = derived?.store.state.companyId ?? own?.store.state.companyId;
    if (tenant.resource.kind === "company" || !isRefused || companyId === undefined) return own;
    return derived ?? this.ensure(tenant, "derived");
  }

  /** Where the company cannot serve either, a location's own refused grant is the one to fix. */
  #ownRefusal(refusal: TokenReply): TokenReply {
    const own = this.#grants.get("refreshable")?.store;
    const reading = own?.read();
    if (own === undefined || reading?.kind !== "refused" || reading.reason === "pending") return refusal;
    return refusalOf(reading, own.state);
  }

  #add(context: TenantContext, source: GrantSource, stored?: StoredGrant): ResourceGrant {
    const { records, waitUntil, notify } = this.#options;
    const { tenant, configurationId } = context;
    const state =
      stored?.state ?? newGrant(source, source === "derived" ? this.state("refreshable")?.companyId : undefined);
    const tokens = stored?.tokens === undefined ? {} : { tokens: stored.tokens };
    const store = new ObjectRecordStore({
      record: { kind: "grant", epoch: state.epoch, state, ...tokens },
      configurationId,
      seal: (set) => records.seal(context, source, set),
      commit: (next, secrets) => this.#commit(context, source, { state: next, secrets }),
      onStored: (step, before) => this.#stored(tenant, source, { step, before }),
    });
    const host = new GrantHost({
      store,
      renewal: source,
      resource: tenant.resource,
      configurationId: () => configurationId,
      prepare: () => this.#prepare(context, source, store),
      waitUntil,
      onTokenOfAnotherResource: () => {
        logEvent("grant", { ...tenant, source, outcome: "token_of_another_resource" });
        notify(tenant, "grant.misconfigured", { source, code: null });
      },
    });
    const grant = { source, store, host };
    this.#grants.set(source, grant);
    return grant;
  }

  #commit(
    context: TenantContext,
    source: GrantSource,
    { state, secrets }: { readonly state: GrantState; readonly secrets: string | null | undefined },
  ): void {
    const { records, storage, pendingApproval } = this.#options;
    storage.transactionSync(() => {
      if (secrets === undefined) records.writeState(context, source, state);
      else if (secrets === null) records.forget(context, source, state);
      else records.write(context, source, { state, secrets });
      pendingApproval.dropIfInstalled(state);
    });
  }

  #stored(
    tenant: Tenant,
    source: GrantSource,
    { step, before }: { readonly step: GrantStep; readonly before: GrantState },
  ): void {
    const { notify, schedule, successPercent } = this.#options;
    schedule();
    for (const effect of step.effects) {
      if (effect.type !== "notify") continue;
      const { notice, code } = effect;
      const logged = { ...tenant, source, outcome: notice, ...(code && { code }) };
      // Each location that is called mints once a day. All other changes of a grant are logged.
      const sample = { id: crypto.randomUUID(), percent: successPercent() };
      if (notice === "refreshed") logSuccess("grant", logged, sample);
      else logEvent("grant", logged);
      const name = grantEventName(notice, { before, after: step.state });
      if (name !== undefined) notify(tenant, name, { source, code: code ?? null });
    }
  }

  async #prepare(
    { tenant, client }: TenantContext,
    source: GrantSource,
    store: ObjectRecordStore,
  ): Promise<PreparedRenewal> {
    const { app, resource } = tenant;
    if (client === undefined) throw new MintRefusedError({ ok: false, reason: "misconfigured" });
    const { objects, schedule } = this.#options;
    if (source === "derived") {
      const { companyId = "", intent } = store.state;
      const mint = { app, companyId, locationId: resource.id, client, objects };
      return prepareMint({ ...mint, turn: this.#turn, isRetry: intent !== undefined }).catch((error: unknown) => {
        // The alarm mints at the turn that was taken.
        schedule();
        throw error;
      });
    }
    const userType = resource.kind === "company" ? "Company" : "Location";
    return { renew: (tokens, timeoutMs) => client.refresh(tokens?.refreshToken ?? "", { userType, timeoutMs }) };
  }
}
