import {
  createDataKey,
  type KeyRing,
  open,
  openDataKey,
  SealBrokenError,
  seal,
  wrappingKeyId,
} from "../../domain/seal.ts";
import { type Tenant, tokenCacheKey } from "../../domain/token-record.ts";
import type { AcceptedTokenTypes, GivenToken } from "../../domain/token-reply.ts";

/** A row written costs as much as some seven questions: a token that is due sooner is not worth one. */
const LEAST_FRESH_MS = 600_000;
const PREFIX = "token:";

interface CachedToken {
  readonly freshUntilMs: number;
  readonly dataKey: string;
  readonly sealed: string;
}

/**
 * Tokens that outlive the sleep of the object that uses them, sealed. Without them each call of a location that is seldom called
 * would wake two objects: this one, and the one that keeps its secrets.
 */
export interface TokenCache {
  /** Undefined: there is none that is good. */
  read(tenant: Tenant, acceptedTokenTypes: AcceptedTokenTypes): Promise<GivenToken | undefined>;
  /** `isWanted` is asked once more when it is sealed: the token may have been replaced meanwhile. */
  write(
    tenant: Tenant,
    acceptedTokenTypes: AcceptedTokenTypes,
    token: GivenToken,
    isWanted: () => boolean,
  ): Promise<void>;
  /** There are other tokens now, or none. */
  clear(): void;
  /** Drops those that are over or that another than the active key seals; says how many are left. */
  dropStale(): number;
}

export function createTokenCache(kv: SyncKvStorage, ring: KeyRing): TokenCache {
  return {
    async read(tenant, acceptedTokenTypes) {
      const cached = kv.get<CachedToken>(PREFIX + acceptedTokenTypes);
      if (cached === undefined || Date.now() >= cached.freshUntilMs) return undefined;
      const key = tokenCacheKey(tenant, acceptedTokenTypes);
      try {
        const dataKey = await openDataKey(ring, cached.dataKey, key);
        return JSON.parse(await open(dataKey, cached.sealed, key)) as GivenToken;
      } catch (error) {
        // The key that it was sealed with is gone: the token is asked for, and sealed anew.
        if (error instanceof SealBrokenError) return undefined;
        throw error;
      }
    },
    async write(tenant, acceptedTokenTypes, token, isWanted) {
      const { freshUntilMs } = token;
      if (freshUntilMs < Date.now() + LEAST_FRESH_MS) return;
      const key = tokenCacheKey(tenant, acceptedTokenTypes);
      const dataKey = await createDataKey(ring, key);
      const sealed = await seal(dataKey, JSON.stringify(token), key);
      if (isWanted())
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
