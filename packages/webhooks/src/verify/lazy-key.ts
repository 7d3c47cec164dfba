import type { Bytes } from "../encoding.ts";

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A key that is imported on first use and then reused. */
export interface LazyKey {
  readonly imported: () => ImportedKey | undefined;
  readonly load: () => Promise<ImportedKey>;
}

export const HMAC_ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;

/**
 * Caches the key itself and not its promise. In a Worker a promise belongs to the request that created it. When that request is cancelled,
 * the others would wait forever.
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
