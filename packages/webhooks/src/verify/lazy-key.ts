import type { Bytes } from "../encoding.ts";

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A key that is imported on first use and kept as long as its owner. */
export interface LazyKey {
  readonly imported: () => ImportedKey | undefined;
  readonly load: () => Promise<ImportedKey>;
}

export const HMAC_ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;

/**
 * The key itself is kept, not the promise of it: in a Worker a promise belongs to the request that made it, and would leave
 * the others hanging when that one is cancelled.
 */
export function lazyKey(load: () => Promise<ImportedKey>): LazyKey {
  let key: ImportedKey | undefined;
  return {
    imported: () => key,
    async load() {
      key = await load();
      return key;
    },
  };
}

export function hmacKey(bytes: Bytes, usage: "sign" | "verify"): LazyKey {
  return lazyKey(() => crypto.subtle.importKey("raw", bytes, HMAC_ALGORITHM, false, [usage]));
}
