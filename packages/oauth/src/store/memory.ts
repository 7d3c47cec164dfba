import type { StoredRecord, TokenStore } from "./token-store.ts";

/** Keeps records for one process, until it ends. For tests, and where a reinstall after each restart is fine. */
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
