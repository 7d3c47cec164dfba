import type { GrantState } from "@ghl-edge/oauth";
import type { KeyUse } from "../../../domain/contracts/token-grant.ts";
import { type RecordName, sealSecrets, type Tenant } from "../../../domain/grants/token-record.ts";
import type { GatewayConfig } from "../../../platform/config.ts";
import { logEvent } from "../../../platform/log.ts";
import type { GrantStore, StoredRecord } from "../grant-store.ts";
import type { Notify } from "../notify.ts";
import { createContext, keyUseOf, openContext, type TenantContext } from "./key-provider.ts";
import { createUnreadableReports, readStoredSecrets, SEAL_BROKEN, type StoredSecrets } from "./stored-secrets.ts";

/** The ports of `SealedRecords`. */
export interface SealedRecordsOptions {
  readonly store: GrantStore;
  readonly storage: Pick<DurableObjectStorage, "kv" | "transactionSync">;
  readonly config: () => GatewayConfig;
  readonly notify: Notify;
}

/**
 * The records of an object and the key that seals their secrets. It reports once when stored secrets do not open, and once when they
 * open again. Methods that write are synchronous, for the caller's transaction.
 */
export class SealedRecords {
  readonly #options: SealedRecordsOptions;
  readonly #reports;
  readonly #unreadable = new Set<RecordName>();
  #context: Promise<TenantContext> | undefined;

  constructor(options: SealedRecordsOptions) {
    this.#options = options;
    this.#reports = createUnreadableReports(options.storage.kv);
  }

  /** Names of the records whose stored secrets do not open. */
  get unreadable(): ReadonlySet<RecordName> {
    return this.#unreadable;
  }

  /** Opens all that is stored; undefined when nothing is. Call `restore` once the secrets are in use. */
  async open(): Promise<{ readonly context: TenantContext; readonly secrets: StoredSecrets } | undefined> {
    const { config, store } = this.#options;
    const context = await openContext(config(), store);
    if (context === undefined) return undefined;
    return { context, secrets: await readStoredSecrets(context, store, Date.now()) };
  }

  /** Keeps the opened context, and reports the records that do not open, or open again. */
  restore(context: TenantContext, unreadable: readonly RecordName[]): void {
    this.#context = Promise.resolve(context);
    for (const source of unreadable) this.#unreadable.add(source);
    this.#report(context, unreadable);
  }

  /** The context of the object; undefined before anything is stored. */
  context(): Promise<TenantContext> | undefined {
    return this.#context;
  }

  /**
   * The context of the object, made where it stores nothing yet. What is stored must have been opened before: a second data key would
   * make unreadable what the first one has sealed.
   */
  contextFor(tenant: Tenant): Promise<TenantContext> {
    this.#context ??= createContext(this.#options.config(), tenant);
    return this.#context;
  }

  async keyUse(): Promise<KeyUse | undefined> {
    const context = await this.#context;
    return context && keyUseOf(context, this.#options.store);
  }

  seal({ dataKey, tenant }: TenantContext, source: RecordName, secrets: unknown): Promise<string> {
    return sealSecrets(dataKey, { tenant, source }, secrets);
  }

  /**
   * Writes a record with sealed secrets. Where the stored data key does not open, the new one replaces it, and what the other has sealed
   * is lost for good.
   *
   * @returns Whether endpoints were notified that the earlier secrets do not open.
   */
  write(context: TenantContext, source: RecordName, record: StoredRecord): boolean {
    const { store } = this.#options;
    if (store.tenant()?.dataKey !== context.dataKey.wrapped) {
      store.forgetSecrets();
      this.#writeTenant(context);
      this.#unreadable.clear();
    }
    store.write(source, record);
    this.#unreadable.delete(source);
    return this.#reports.stored(source);
  }

  /** Writes a state and leaves the stored secrets as they are. */
  writeState(context: TenantContext, source: RecordName, state: GrantState): void {
    if (this.#options.store.tenant() === undefined) this.#writeTenant(context);
    this.#options.store.writeState(source, state);
  }

  /** Removes the secrets of a record. */
  forget(context: TenantContext, source: RecordName, state: GrantState | null): void {
    if (this.#options.store.tenant() === undefined) this.#writeTenant(context);
    this.#options.store.write(source, { state, secrets: null });
    this.#unreadable.delete(source);
  }

  /** Removes a private integration token. */
  removePrivate(): void {
    this.#options.store.dropPrivate();
  }

  #writeTenant({ tenant, dataKey }: TenantContext): void {
    this.#options.store.writeTenant({ ...tenant, dataKey: dataKey.wrapped });
  }

  /** A derived token is requested again without a report. */
  #report({ tenant, lostKeyId }: TenantContext, unreadable: readonly RecordName[]): void {
    const { store, storage, notify } = this.#options;
    storage.transactionSync(() => {
      const { lost, back } = this.#reports.update(unreadable, (source) => store.read(source)?.secrets != null);
      for (const source of lost) {
        const key = lostKeyId === undefined ? {} : { keyId: lostKeyId };
        logEvent("grant", { ...tenant, source, outcome: "unreadable", code: SEAL_BROKEN, ...key });
        notify(tenant, "grant.reauth_required", { source, code: SEAL_BROKEN });
      }
      for (const source of back) notify(tenant, "grant.restored", { source, code: null });
    });
  }
}
