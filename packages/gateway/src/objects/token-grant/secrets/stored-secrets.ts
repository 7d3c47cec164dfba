import type { GrantState, PrivateIntegration, TokenSet } from "@ghl-edge/oauth";
import { SealBrokenError } from "../../../domain/grants/seal.ts";
import {
  type GrantSource,
  openSecrets,
  PENDING_APPROVAL,
  type RecordName,
} from "../../../domain/grants/token-record.ts";
import type { GrantStore } from "../grant-store.ts";
import type { TenantKeys } from "./key-provider.ts";

/** Code of a grant whose stored secrets do not open: the key is gone, or the row was changed. */
export const SEAL_BROKEN = "ERR_GHL_GATEWAY_SEAL_BROKEN";

export interface StoredGrant {
  readonly source: GrantSource;
  readonly state: GrantState;
  readonly tokens: TokenSet | undefined;
}

export interface StoredSecrets {
  readonly grants: readonly StoredGrant[];
  readonly privateIntegration: PrivateIntegration | undefined;
  readonly pendingApproval: TokenSet | undefined;
  /** Names of records whose secrets are stored and do not open. These secrets count as absent. */
  readonly unreadable: readonly RecordName[];
}

/**
 * Returns the state of a grant without its tokens: a refreshable one needs a new installation, a derived one is requested again. This
 * state is in memory alone, so that the stored state is good again when the key comes back.
 */
function withoutTokens(state: GrantState, nowMs: number): GrantState {
  const { current: _current, intent: _intent, problem: _problem, ...rest } = state;
  if (state.renewal === "derived") return { ...rest, status: "active" };
  return { ...rest, status: "reauth_required", problem: { code: SEAL_BROKEN, atMs: nowMs } };
}

/** Opens all that an object has stored. */
export async function readStoredSecrets(keys: TenantKeys, store: GrantStore, nowMs: number): Promise<StoredSecrets> {
  const unreadable: RecordName[] = [];
  async function read<Secrets>(source: RecordName): Promise<Secrets | undefined> {
    const sealed = store.read(source)?.secrets;
    if (sealed == null) return undefined;
    try {
      if (keys.lostKeyId !== undefined) throw new SealBrokenError("the data key does not open");
      return await openSecrets<Secrets>(keys.dataKey, { tenant: keys.tenant, source }, sealed);
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      unreadable.push(source);
      return undefined;
    }
  }
  const grants: StoredGrant[] = [];
  for (const source of ["refreshable", "derived"] as const) {
    const state = store.read(source)?.state;
    const tokens = await read<TokenSet>(source);
    if (state == null) continue;
    grants.push({ source, tokens, state: unreadable.includes(source) ? withoutTokens(state, nowMs) : state });
  }
  const pendingApproval = await read<TokenSet>(PENDING_APPROVAL);
  return { grants, pendingApproval, privateIntegration: await read<PrivateIntegration>("private"), unreadable };
}

/** Records of which endpoints hear; a derived token is made again without a word. */
type Reported = Exclude<RecordName, "derived">;
const KEY = "unreadable";

/** Remembers the records whose unreadable secrets were reported. It is synchronous, for the transaction that reports. */
export interface UnreadableReports {
  /** Returns the records to report now: each once when it is `lost`, and once when it is `back`, that is stored and open again. */
  update(
    unreadable: readonly RecordName[],
    isStored: (source: Reported) => boolean,
  ): { readonly lost: readonly Reported[]; readonly back: readonly Reported[] };
  /** New secrets are stored. True: those before were reported. */
  stored(source: RecordName): boolean;
}

export function createUnreadableReports(kv: SyncKvStorage): UnreadableReports {
  const read = (): readonly Reported[] => kv.get<readonly Reported[]>(KEY) ?? [];
  return {
    update(unreadable, isStored) {
      const before = read();
      const now = unreadable.filter((source) => source !== "derived");
      if (before.length > 0 || now.length > 0) kv.put(KEY, now);
      const lost = now.filter((source) => !before.includes(source));
      return { lost, back: before.filter((source) => !now.includes(source) && isStored(source)) };
    },
    stored(source) {
      const before = read();
      const left = before.filter((one) => one !== source);
      if (left.length === before.length) return false;
      kv.put(KEY, left);
      return true;
    },
  };
}
