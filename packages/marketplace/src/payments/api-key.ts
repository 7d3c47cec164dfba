import { sha256, toHex } from "@ghl-edge/core";
import { indexOfSecret } from "../secret.ts";

/**
 * Hashes an API key. Store and look up this hash instead of the key. Keys are long and random, so a plain hash reveals nothing.
 *
 * @param apiKey - The key
 * @returns Its SHA-256 in hexadecimal
 * @example
 * ```ts
 * import { hashApiKey } from "@ghl-edge/marketplace/payments";
 *
 * console.log((await hashApiKey("api-key")).length); // 64
 * ```
 */
export async function hashApiKey(apiKey: string): Promise<string> {
  return toHex(await sha256(apiKey));
}

/** Returns the name of the key that equals `apiKey`. */
export async function nameOfApiKey<Name extends string>(
  apiKey: string,
  keys: Readonly<Record<Name, string>>,
): Promise<Name | undefined> {
  const names = Object.keys(keys) as Name[];
  return names[
    await indexOfSecret(
      apiKey,
      names.map((name) => keys[name]),
    )
  ];
}
