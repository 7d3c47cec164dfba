import type { Resource, Runtime } from "@ghl-edge/core";
import { mayMintInstead, readGrant } from "../grant/read.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Grant } from "./grant.ts";
import { type Grants, MAX_KNOWN_GRANTS } from "./grants.ts";
import type { TokenManagerOptions } from "./options.ts";

/** The ports of `GrantSources`. */
export interface GrantSourcesOptions {
  readonly runtime: Runtime;
  readonly companyOf: TokenManagerOptions["companyOf"];
}

/** Finds the grant that a resource's token comes from: its own, or for a location the one that is derived from its company's. */
export class GrantSources {
  readonly #grants: Grants;
  readonly #runtime: Runtime;
  readonly #companyOf: TokenManagerOptions["companyOf"];
  /** The last source of each location's token, found again without I/O: the company it is derived from, or itself. */
  readonly #known = new BoundedMap<{ readonly companyId: string | undefined }>(MAX_KNOWN_GRANTS);

  constructor(grants: Grants, { runtime, companyOf }: GrantSourcesOptions) {
    this.#grants = grants;
    this.#runtime = runtime;
    this.#companyOf = companyOf;
  }

  /** Forgets the last source of a resource, because it was installed or uninstalled. */
  forget({ id }: Resource): void {
    this.#known.delete(id);
  }

  /** All grants that a resource's token may come from: a location's own goes on beside the one that is minted meanwhile. */
  async grantsOf(resource: Resource): Promise<Grant[]> {
    const source = await this.grantOf(resource);
    const own = this.#grants.refreshable(resource);
    return source === undefined || source === own ? [own] : [own, source];
  }

  /** The company of a location. */
  async companyOf(locationId: string): Promise<string | undefined> {
    const own = this.#grants.store("refreshable", { kind: "location", id: locationId });
    const derived = await this.#grants.derivedState(locationId);
    return derived.companyId ?? (own.known ?? (await own.load())).state.companyId ?? this.#companyOf?.(locationId);
  }

  /** The grant a resource's token comes from: its own, or for a location one minted from its company's. */
  async grantOf(resource: Resource): Promise<Grant | undefined> {
    const own = this.#grants.refreshable(resource);
    if (resource.kind === "company") return own;
    const known = this.#known.get(resource.id);
    const source = known?.companyId === undefined ? own : this.#grants.derived(resource.id, known.companyId);
    if (known && source.ready() !== undefined && !this.#isCompanyGone(source)) return source;
    const { state } = own.store.known ?? (await own.load());
    const isRefused = mayMintInstead(readGrant(state, this.#runtime.now()));
    const companyId = isRefused ? await this.companyOf(resource.id) : undefined;
    if (companyId === undefined) return this.#remember(resource, own);
    // A grant of a location that is refused is replaced by a derived token where its company is installed too.
    const company = this.#grants.refreshable({ kind: "company", id: companyId });
    const knownCompany = company.store.known?.state;
    // Another process may have installed the app again.
    const { status, current } =
      knownCompany && knownCompany.status !== "uninstalled" ? knownCompany : (await company.load()).state;
    if (state.status !== "pending" && !current) return this.#remember(resource, own);
    return status === "uninstalled"
      ? undefined
      : this.#remember(resource, this.#grants.derived(resource.id, companyId));
  }

  #remember(resource: Resource, source: Grant): Grant {
    this.#known.set(resource.id, { companyId: source.store.options.companyId });
    return source;
  }

  /** An uninstalled company takes the tokens minted from it along. */
  #isCompanyGone(grant: Grant): boolean {
    const { companyId } = grant.store.options;
    if (companyId === undefined) return false;
    return this.#grants.refreshable({ kind: "company", id: companyId }).store.known?.state.status === "uninstalled";
  }
}
