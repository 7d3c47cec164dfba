import { exchangedAtMs, type GrantState, type TokenSet } from "@ghl-edge/oauth";
import type { PendingInstallation } from "../../../domain/contracts/token-grant.ts";
import { PENDING_APPROVAL, type Tenant } from "../../../domain/grants/token-record.ts";
import type { TenantContext } from "../secrets/key-provider.ts";
import type { SealedRecords } from "../secrets/sealed-records.ts";

/** Tokens of an installation that waits for a signed INSTALL or an operator; one at most, the newest. */
export class PendingApproval {
  readonly #records: SealedRecords;
  readonly #storage: Pick<DurableObjectStorage, "transactionSync">;
  #context: TenantContext | undefined;
  #tokens: TokenSet | undefined;

  constructor(records: SealedRecords, storage: Pick<DurableObjectStorage, "transactionSync">) {
    this.#records = records;
    this.#storage = storage;
  }

  get tokens(): TokenSet | undefined {
    return this.#tokens;
  }

  /** Describes the installation, without its tokens. */
  status(): PendingInstallation | undefined {
    if (this.#tokens === undefined) return undefined;
    const { obtainedAtMs, companyId, scopes } = this.#tokens;
    return { obtainedAtMs, companyId, scopes };
  }

  /** Restores the stored tokens, after the object was activated. */
  restore(context: TenantContext, tokens: TokenSet | undefined): void {
    this.#context = context;
    this.#tokens = tokens;
  }

  /**
   * Stores the tokens, unless they are older than others that wait.
   *
   * @param isCurrent - Called right before the commit, in the same synchronous block. False stores nothing.
   */
  async store(tenant: Tenant, tokens: TokenSet, isCurrent: () => boolean): Promise<boolean> {
    const context = await this.#records.contextFor(tenant);
    const secrets = await this.#records.seal(context, PENDING_APPROVAL, tokens);
    if (!isCurrent()) return false;
    if (this.#tokens !== undefined && exchangedAtMs(this.#tokens) > exchangedAtMs(tokens)) return false;
    this.#storage.transactionSync(() => this.#records.write(context, PENDING_APPROVAL, { state: null, secrets }));
    this.#context = context;
    this.#tokens = tokens;
    return true;
  }

  /** Removes the tokens: they are void, or have become the grant. It is part of the transaction that made them so. */
  drop(): void {
    if (this.#context === undefined || this.#tokens === undefined) return;
    this.#records.forget(this.#context, PENDING_APPROVAL, null);
    this.#tokens = undefined;
  }

  /** Removes the tokens when the state is that of the same installation, or of a newer one. */
  dropIfInstalled({ current }: GrantState): void {
    const { cause, obtainedAtMs = 0 } = current ?? {};
    if (cause === "install" && this.#tokens !== undefined && this.#tokens.obtainedAtMs <= obtainedAtMs) this.drop();
  }
}
