import {
  createDataKey,
  type KeyRing,
  open,
  openDataKey,
  SealBrokenError,
  seal,
  wrappingKeyId,
} from "../../domain/grants/seal.ts";
import { type Tenant, tokenCacheKey } from "../../domain/grants/token-record.ts";
import type { AcceptedTokenTypes, GivenToken } from "../../domain/grants/token-reply.ts";

/** Shortest remaining freshness in ms that deserves a row. One row written costs as much as about seven requests to `TokenGrant`. */
const MIN_FRESH_MS = 600_000;
const PREFIX = "token:";

interface CachedToken {
  readonly freshUntilMs: number;
  readonly dataKey: string;
  readonly sealed: string;
}

/** Identifies a cached token. */
export interface TokenCacheEntry {
  readonly tenant: Tenant;
  readonly acceptedTokenTypes: AcceptedTokenTypes;
}

/**
 * Encrypted access tokens that outlive the memory of the object. Without them each call of a rarely used location would wake two objects:
 * this one, and `TokenGrant`.
 */
export interface TokenCache {
  /** Returns a fresh token. `undefined`: there is none, or its key is gone. */
  read(entry: TokenCacheEntry): Promise<GivenToken | undefined>;
  /** Encrypts and stores a token. `isCurrent` is checked after the encryption, because another token may have replaced it meanwhile. */
  write(entry: TokenCacheEntry, token: GivenToken, isCurrent: () => boolean): Promise<void>;
  /** Removes all tokens. */
  clear(): void;
  /** Removes tokens that have expired or that an inactive key seals. Returns the number of those left. */
  dropStale(): number;
}

export function createTokenCache(kv: SyncKvStorage, ring: KeyRing): TokenCache {
  return {
    async read({ tenant, acceptedTokenTypes }) {
      const cached = kv.get<CachedToken>(PREFIX + acceptedTokenTypes);
      if (cached === undefined || Date.now() >= cached.freshUntilMs) return undefined;
      const key = tokenCacheKey(tenant, acceptedTokenTypes);
      try {
        const dataKey = await openDataKey(ring, cached.dataKey, key);
        return JSON.parse(await open(dataKey, cached.sealed, key)) as GivenToken;
      } catch (error) {
        // The key is gone, so the grant is called for the token, which is then sealed with the active key.
        if (error instanceof SealBrokenError) return undefined;
        throw error;
      }
    },
    async write({ tenant, acceptedTokenTypes }, token, isCurrent) {
      const { freshUntilMs } = token;
      if (freshUntilMs < Date.now() + MIN_FRESH_MS) return;
      const key = tokenCacheKey(tenant, acceptedTokenTypes);
      const dataKey = await createDataKey(ring, key);
      const sealed = await seal(dataKey, JSON.stringify(token), key);
      if (isCurrent())
        kv.put<CachedToken>(PREFIX + acceptedTokenTypes, { freshUntilMs, dataKey: dataKey.wrapped, sealed });
    },
    dropStale() {
      let left = 0;
      for (const [name, { dataKey, freshUntilMs }] of [...kv.list<CachedToken>({ prefix: PREFIX })]) {
        if (wrappingKeyId(dataKey) === ring.activeId && Date.now() < freshUntilMs) left++;
        else kv.delete(name);
      }
      return left;
    },
    clear() {
      for (const [key] of [...kv.list({ prefix: PREFIX })]) kv.delete(key);
    },
  };
}
