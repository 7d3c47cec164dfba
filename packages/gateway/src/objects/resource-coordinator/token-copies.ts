import {
  createDataKey,
  type KeyRing,
  open,
  openDataKey,
  SealBrokenError,
  seal,
  wrappingKeyId,
} from "../../domain/seal.ts";
import { copyPlace, type Tenant } from "../../domain/token-record.ts";
import type { AcceptedTokenTypes, GivenToken } from "../../domain/token-reply.ts";

/** A row written costs as much as some seven questions: a token that is due sooner is not worth one. */
const LEAST_FRESH_MS = 600_000;
const PREFIX = "token:";

interface Copy {
  readonly freshUntilMs: number;
  readonly dataKey: string;
  readonly sealed: string;
}

/**
 * Tokens that outlive the sleep of the object that uses them, sealed. Without them each call of a location that is seldom called
 * would wake two objects: this one, and the one that keeps its secrets.
 */
export interface TokenCopies {
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
  dropOld(): number;
}

export function createTokenCopies(kv: SyncKvStorage, ring: KeyRing): TokenCopies {
  return {
    async read(tenant, acceptedTokenTypes) {
      const copy = kv.get<Copy>(PREFIX + acceptedTokenTypes);
      if (copy === undefined || Date.now() >= copy.freshUntilMs) return undefined;
      const place = copyPlace(tenant, acceptedTokenTypes);
      try {
        const dataKey = await openDataKey(ring, copy.dataKey, place);
        return JSON.parse(await open(dataKey, copy.sealed, place)) as GivenToken;
      } catch (error) {
        // The key that it was sealed with is gone: the token is asked for, and sealed anew.
        if (error instanceof SealBrokenError) return undefined;
        throw error;
      }
    },
    async write(tenant, acceptedTokenTypes, token, isWanted) {
      const { freshUntilMs } = token;
      if (freshUntilMs < Date.now() + LEAST_FRESH_MS) return;
      const place = copyPlace(tenant, acceptedTokenTypes);
      const dataKey = await createDataKey(ring, place);
      const sealed = await seal(dataKey, JSON.stringify(token), place);
      if (isWanted()) kv.put<Copy>(PREFIX + acceptedTokenTypes, { freshUntilMs, dataKey: dataKey.wrapped, sealed });
    },
    dropOld() {
      let left = 0;
      for (const [key, { dataKey, freshUntilMs }] of [...kv.list<Copy>({ prefix: PREFIX })]) {
        if (wrappingKeyId(dataKey) === ring.activeId && Date.now() < freshUntilMs) left++;
        else kv.delete(key);
      }
      return left;
    },
    clear() {
      for (const [key] of [...kv.list({ prefix: PREFIX })]) kv.delete(key);
    },
  };
}
