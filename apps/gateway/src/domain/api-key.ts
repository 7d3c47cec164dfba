import type { ApiKeyConfig } from "../config.ts";
import { equalBytes, sha256 } from "./encoding.ts";

/**
 * The key a request carries: `X-Gateway-Key`, or the bearer token, so that any HighLevel client can be given the
 * gateway's key in place of its token.
 */
export function presentedKey(headers: Headers): string | undefined {
  const own = headers.get("x-gateway-key");
  if (own !== null && own !== "") return own;
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Every stored hash is compared, found or not. Keys are random, so one round of SHA-256 is enough. */
export async function findApiKey(keys: readonly ApiKeyConfig[], presented: string): Promise<ApiKeyConfig | undefined> {
  const hash = await sha256(presented);
  let found: ApiKeyConfig | undefined;
  for (const key of keys) if (equalBytes(key.hash, hash)) found = key;
  return found;
}
