import { createOAuthClient, fingerprint, type OAuthClient } from "@ghl-edge/oauth";
import type { KeyUse } from "../../domain/contracts/token-grant.ts";
import {
  createDataKey,
  type DataKey,
  openDataKey,
  rewrapDataKey,
  SealBrokenError,
  wrappingKeyId,
} from "../../domain/seal.ts";
import { type Tenant, tenantKey } from "../../domain/token-record.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import type { GrantStore } from "./grant-store.ts";

/** What an object needs to work for its tenant. */
export interface Keeper {
  readonly tenant: Tenant;
  readonly dataKey: DataKey;
  /** Undefined: the app is not configured any more. */
  readonly client: OAuthClient | undefined;
  /** Tells one configuration of the app from another; gives no secret away. */
  readonly configurationId: string;
  /**
   * Id of the key that wraps the stored data key, where it does not open it: `dataKey` is a new one, which takes the place of the stored
   * one when something is sealed with it. Until then the stored one stays, in case the key comes back.
   */
  readonly lostKeyId: string | undefined;
}

async function keeperFor(
  config: GatewayConfig,
  tenant: Tenant,
  dataKey: DataKey,
  lostKeyId: string | undefined,
): Promise<Keeper> {
  const app = config.apps.get(tenant.app);
  const configurationId = await fingerprint(`${app?.clientId}\0${app?.clientSecret}`);
  const client = app && createOAuthClient({ ...app, baseUrl: config.apiUrl });
  return { tenant, dataKey, client, configurationId, lostKeyId };
}

/** For an object that stores something for the first time. */
export async function newKeeper(config: GatewayConfig, tenant: Tenant): Promise<Keeper> {
  return keeperFor(config, tenant, await createDataKey(config.tokenKeys, tenantKey(tenant)), undefined);
}

/** For an object that has stored something. A data key that another than the active key wraps is wrapped again. */
export async function storedKeeper(config: GatewayConfig, store: GrantStore): Promise<Keeper | undefined> {
  const stored = store.tenant();
  if (stored === undefined) return undefined;
  const { dataKey: wrapped, ...tenant } = stored;
  const ring = config.tokenKeys;
  const key = tenantKey(tenant);
  try {
    if (wrappingKeyId(wrapped) === ring.activeId)
      return await keeperFor(config, tenant, await openDataKey(ring, wrapped, key), undefined);
    const dataKey = await rewrapDataKey(ring, wrapped, key);
    store.writeTenant({ ...tenant, dataKey: dataKey.wrapped });
    return await keeperFor(config, tenant, dataKey, undefined);
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    return keeperFor(config, tenant, await createDataKey(ring, key), wrappingKeyId(wrapped));
  }
}

/** Which key seals what is stored. Undefined: nothing is. */
export function keyUseOf({ dataKey }: Keeper, store: GrantStore): KeyUse | undefined {
  const stored = store.tenant();
  return stored && { keyId: wrappingKeyId(stored.dataKey), readable: stored.dataKey === dataKey.wrapped };
}
