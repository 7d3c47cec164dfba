import { createOAuthClient, fingerprint, type OAuthClient } from "@ghl-edge/oauth";
import type { GatewayConfig } from "../config.ts";
import { createDataKey, type DataKey, openDataKey, rewrapDataKey } from "../domain/seal.ts";
import { keyPlace, type Owner } from "../domain/token-record.ts";
import type { GrantStore } from "./grant-store.ts";

/** What an object needs to work for its owner. */
export interface Keeper {
  readonly owner: Owner;
  readonly dataKey: DataKey;
  /** Undefined: the app is not configured any more. */
  readonly client: OAuthClient | undefined;
  /** Tells one configuration of the app from another; gives no secret away. */
  readonly configurationId: string;
}

async function keeperFor(config: GatewayConfig, owner: Owner, dataKey: DataKey): Promise<Keeper> {
  const app = config.apps.get(owner.app);
  const configurationId = await fingerprint(`${app?.clientId}\0${app?.clientSecret}`);
  const client = app && createOAuthClient({ ...app, baseUrl: config.apiUrl });
  return { owner, dataKey, client, configurationId };
}

/** For an object that stores something for the first time. */
export async function newKeeper(config: GatewayConfig, owner: Owner): Promise<Keeper> {
  return keeperFor(config, owner, await createDataKey(config.tokenKeys, keyPlace(owner)));
}

/** For an object that has stored something. A data key that an older key wraps is wrapped anew. */
export async function storedKeeper(config: GatewayConfig, store: GrantStore): Promise<Keeper | undefined> {
  const stored = store.owner();
  if (stored === undefined) return undefined;
  const { dataKey: wrapped, ...owner } = stored;
  const ring = config.tokenKeys;
  if (wrapped.startsWith(`${ring.activeId}.`))
    return keeperFor(config, owner, await openDataKey(ring, wrapped, keyPlace(owner)));
  const dataKey = await rewrapDataKey(ring, wrapped, keyPlace(owner));
  store.writeOwner({ ...owner, dataKey: dataKey.wrapped });
  return keeperFor(config, owner, dataKey);
}
