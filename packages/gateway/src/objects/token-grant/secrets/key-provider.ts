import { createOAuthClient, fingerprint, type OAuthClient } from "@ghl-edge/oauth";
import type { KeyUse } from "../../../domain/contracts/token-grant.ts";
import {
  createDataKey,
  type DataKey,
  openDataKey,
  rewrapDataKey,
  SealBrokenError,
  wrappingKeyId,
} from "../../../domain/grants/seal.ts";
import { type Tenant, tenantKey } from "../../../domain/grants/token-record.ts";
import type { GatewayConfig } from "../../../platform/config.ts";
import type { GrantStore } from "../grant-store.ts";

/** The key that seals an object's secrets. */
export interface TenantKeys {
  readonly tenant: Tenant;
  readonly dataKey: DataKey;
  /**
   * Id of the key that wraps the stored data key, where it does not open it. `dataKey` is a new one then, which replaces the stored one
   * when something is sealed with it. Until then the stored one stays, in case the key comes back.
   */
  readonly lostKeyId: string | undefined;
}

/** The keys of an object, and its app's client. */
export interface TenantContext extends TenantKeys {
  /** Client of the app; undefined when the app is not configured any more. */
  readonly client: OAuthClient | undefined;
  /** Identifies the configuration of the app; reveals no secret. */
  readonly configurationId: string;
}

async function withClient(config: GatewayConfig, keys: TenantKeys): Promise<TenantContext> {
  const app = config.apps.get(keys.tenant.app);
  const configurationId = await fingerprint(`${app?.clientId}\0${app?.clientSecret}`);
  const client = app && createOAuthClient({ ...app, baseUrl: config.apiUrl });
  return { ...keys, client, configurationId };
}

/** Creates the data key of an object that stores something for the first time. */
export async function createContext(config: GatewayConfig, tenant: Tenant): Promise<TenantContext> {
  const dataKey = await createDataKey(config.tokenKeys, tenantKey(tenant));
  return withClient(config, { tenant, dataKey, lostKeyId: undefined });
}

/** Opens the stored data key. A data key that another than the active key wraps is wrapped again. */
export async function openContext(config: GatewayConfig, store: GrantStore): Promise<TenantContext | undefined> {
  const stored = store.tenant();
  if (stored === undefined) return undefined;
  const { dataKey: wrapped, ...tenant } = stored;
  const ring = config.tokenKeys;
  const key = tenantKey(tenant);
  try {
    if (wrappingKeyId(wrapped) === ring.activeId)
      return await withClient(config, { tenant, dataKey: await openDataKey(ring, wrapped, key), lostKeyId: undefined });
    const dataKey = await rewrapDataKey(ring, wrapped, key);
    store.writeTenant({ ...tenant, dataKey: dataKey.wrapped });
    return await withClient(config, { tenant, dataKey, lostKeyId: undefined });
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    return withClient(config, { tenant, dataKey: await createDataKey(ring, key), lostKeyId: wrappingKeyId(wrapped) });
  }
}

/** Reports which key seals what is stored; undefined when nothing is stored. */
export function keyUseOf({ dataKey }: TenantKeys, store: GrantStore): KeyUse | undefined {
  const stored = store.tenant();
  return stored && { keyId: wrappingKeyId(stored.dataKey), readable: stored.dataKey === dataKey.wrapped };
}
