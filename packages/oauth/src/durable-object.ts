import type { StoredRecord, TokenStore } from "./store/token-store.ts";

/** The methods of a Durable Object's storage that the store calls; `ctx.storage` has them. */
export interface DurableObjectStorageLike {
  /**
   * Reads one value.
   *
   * @param key - Key of the value
   * @returns The value, or `undefined`
   */
  get<T>(key: string): Promise<T | undefined>;
  /**
   * Runs a function in one transaction. Nothing of it is stored when the function rejects.
   *
   * @param closure - Function that reads and writes by the transaction that it gets
   * @returns What the function returned
   */
  transaction<T>(
    closure: (transaction: {
      get<V>(key: string): Promise<V | undefined>;
      put<V>(key: string, value: V): Promise<void>;
    }) => Promise<T>,
  ): Promise<T>;
}

/** Options of `createDurableObjectTokenStore`. */
export interface DurableObjectTokenStoreOptions {
  /** `ctx.storage` of the object that owns the grants. */
  readonly storage: DurableObjectStorageLike;
  /** Before each key. Default `ghl-token:`. */
  readonly prefix?: string | undefined;
}

/**
 * Creates a store that keeps records in a Durable Object's storage. The runtime's output gate keeps back the request that spends a
 * refresh token until the commit before it is on disk. A record has to fit into 128 KiB, the limit of one value.
 *
 * @param options - The storage, and a prefix for its keys
 * @returns The store
 * @example
 * ```ts
 * import { createDurableObjectTokenStore, type DurableObjectStorageLike } from "@ghl-edge/oauth/durable-object";
 *
 * export const storeOf = (storage: DurableObjectStorageLike) => createDurableObjectTokenStore({ storage });
 * ```
 */
export function createDurableObjectTokenStore(options: DurableObjectTokenStoreOptions): TokenStore {
  const { storage, prefix = "ghl-token:" } = options;
  return {
    load: (key) => storage.get<StoredRecord>(prefix + key),
    // A transaction, because two callers inside one object may take turns between a read and a write.
    commit: (key, expectedEpoch, next) =>
      storage.transaction(async (transaction) => {
        const stored = await transaction.get<StoredRecord>(prefix + key);
        if ((stored?.epoch ?? 0) !== expectedEpoch) return false;
        await transaction.put(prefix + key, next);
        return true;
      }),
    // The object's clock: callers on other machines, over RPC, have clocks of their own.
    now: async () => Date.now(),
  };
}
