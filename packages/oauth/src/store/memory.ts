import type { StoredRecord, TokenStore } from "./token-store.ts";

/**
 * Creates a store that keeps records for one process, until it ends. It is for tests, and where a reinstall after each restart is fine.
 *
 * @returns The store
 * @example
 * ```ts
 * import { createMemoryTokenStore, createTokenManager } from "@ghl-edge/oauth";
 *
 * export const tokens = createTokenManager({
 *   clientId: "5f0000000000000000000001-lx2k9d3a",
 *   clientSecret: "secret",
 *   store: createMemoryTokenStore(),
 * });
 * ```
 */
export function createMemoryTokenStore(): TokenStore {
  const records = new Map<string, string>();
  const epochOf = (key: string): number => {
    const text = records.get(key);
    return text === undefined ? 0 : (JSON.parse(text) as StoredRecord).epoch;
  };
  return {
    async load(key) {
      const text = records.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as StoredRecord);
    },
    async commit(key, expectedEpoch, next) {
      if (epochOf(key) !== expectedEpoch) return false;
      records.set(key, JSON.stringify(next));
      return true;
    },
  };
}
