import { exchangedAtMs, type TokenSet } from "@ghl-edge/oauth";
import type { InstallationChange } from "../../../domain/contracts/token-grant.ts";
import { endsGrant, exchangedEvent, isApproved, isNewest } from "../../../domain/grants/install-history.ts";
import type { Tenant } from "../../../domain/grants/token-record.ts";
import { isResourceId } from "../../../domain/resource.ts";
import type { ResourceGrants } from "../grants/resource-grants.ts";
import type { LocationOutbox } from "../location-outbox.ts";
import type { StoredInstallHistory } from "./install-history.ts";
import type { PendingApproval } from "./pending-approval.ts";

/** The ports of `Installations`. */
export interface InstallationsOptions {
  readonly grants: ResourceGrants;
  readonly pendingApproval: PendingApproval;
  readonly history: StoredInstallHistory;
  readonly locations: LocationOutbox;
  readonly storage: Pick<DurableObjectStorage, "transactionSync">;
  /** Sends the pending events of a company to its locations. */
  readonly notifyLocations: (company: Tenant) => void;
}

/** Applies installs and uninstalls of a resource in the order of their times, however they arrive. */
export class Installations {
  readonly #options: InstallationsOptions;

  constructor(options: InstallationsOptions) {
    this.#options = options;
  }

  /**
   * Makes tokens of a code exchange the grant.
   *
   * @param approvedByAtMs - Signed time of the INSTALL that approved them; undefined where none had to.
   * @returns False when a newer exchange is stored, or an uninstall came after this one.
   */
  async installTokens(tenant: Tenant, tokens: TokenSet, approvedByAtMs?: number): Promise<boolean> {
    const { grants, history, locations, storage, notifyLocations } = this.#options;
    // Answers may be stored in another order than HighLevel gave them: the grant of the newest is the one that works.
    if (!isNewest(history.read(), tokens)) return false;
    const installedAtMs = exchangedAtMs(tokens);
    const { store } = await grants.ensure(tenant, "refreshable");
    const event = await exchangedEvent(tokens, Math.random());
    // A newer one, or an UNINSTALL, may have come while the tokens were sealed.
    const isCurrent = (): boolean => {
      if (!isNewest(history.read(), tokens)) return false;
      history.exchanged(installedAtMs, approvedByAtMs);
      return true;
    };
    if (!(await store.saveIf(event, tokens, isCurrent))) return false;
    if (tenant.resource.kind === "company") {
      const ids = (tokens.approvedLocations ?? []).filter(isResourceId);
      storage.transactionSync(() => locations.add("installed", installedAtMs, ids));
      notifyLocations(tenant);
    }
    return true;
  }

  /** Stores tokens that need an approval. True: a signed INSTALL has approved them already, and they are the grant. */
  async storeForApproval(tenant: Tenant, tokens: TokenSet): Promise<boolean> {
    const { pendingApproval, history } = this.#options;
    // Tokens that are older than what is stored are void.
    const isCurrent = (): boolean => isNewest(history.read(), tokens);
    return (await pendingApproval.store(tenant, tokens, isCurrent)) && this.#installApproved(tenant);
  }

  /** Makes the pending installation the grant. False: there is none. */
  async approve(tenant: Tenant): Promise<boolean> {
    const { tokens } = this.#options.pendingApproval;
    return tokens !== undefined && this.installTokens(tenant, tokens);
  }

  /** Applies an INSTALL. True: it has approved the pending installation, which is the grant now. */
  async applyInstallEvent({ app, resource, atMs, companyId, signed }: InstallationChange): Promise<boolean> {
    const { grants, history } = this.#options;
    const tenant = { app, resource };
    // An INSTALL of the company approves no code of its location.
    if (signed === true) history.note("installEventAtMs", atMs);
    const event = { type: "installed", atMs, ...(companyId === undefined ? {} : { companyId }) } as const;
    (await grants.ensure(tenant, "refreshable")).store.apply(event);
    if (resource.kind === "location" && companyId !== undefined)
      (await grants.ensure(tenant, "derived")).store.apply(event);
    return this.#installApproved(tenant);
  }

  /** Applies an UNINSTALL, or an operator's removal. */
  async applyUninstallEvent({ app, resource, atMs, companyId, signed }: InstallationChange): Promise<void> {
    const { grants } = this.#options;
    const tenant = { app, resource };
    if (resource.kind === "location") {
      const { store } = await grants.ensure(tenant, "derived");
      if (companyId === undefined || store.state.companyId === companyId) store.apply({ type: "uninstalled", atMs });
    }
    if (companyId === undefined || resource.kind === "company") await this.#endGrant(tenant, atMs, signed === true);
  }

  async #endGrant(tenant: Tenant, atMs: number, isSigned: boolean): Promise<void> {
    const { grants, history, pendingApproval, locations, notifyLocations } = this.#options;
    const { store } = await grants.ensure(tenant, "refreshable");
    history.note(isSigned ? "uninstallEventAtMs" : "removedAtMs", atMs);
    // An operator removes the present grant, however far HighLevel's clock is ahead of ours.
    const isOfGrant = !isSigned || endsGrant(history.read(), atMs);
    const endedAtMs = isOfGrant ? Math.max(atMs, store.state.installedAtMs ?? atMs) : atMs;
    store.apply({ type: "uninstalled", atMs: endedAtMs });
    const pending = pendingApproval.tokens;
    if (pending !== undefined && !isNewest(history.read(), pending)) pendingApproval.drop();
    if (tenant.resource.kind !== "company" || store.state.status !== "uninstalled") return;
    locations.addForAll("uninstalled", atMs);
    notifyLocations(tenant);
  }

  /** Makes the pending installation the grant where a signed INSTALL approves it. */
  async #installApproved(tenant: Tenant): Promise<boolean> {
    const { tokens } = this.#options.pendingApproval;
    const history = this.#options.history.read();
    if (tokens === undefined || !isApproved(history, tokens)) return false;
    return this.installTokens(tenant, tokens, history.installEventAtMs);
  }
}
