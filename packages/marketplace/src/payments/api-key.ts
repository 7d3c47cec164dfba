import { toHex } from "../hex.ts";
import { indexOfSecret, sha256 } from "../secret.ts";

/**
 * SHA-256 of an API key, in hexadecimal: what to store and look up in place of the key. Keys are long and random, so that a plain
 * hash of one gives nothing away.
 */
export async function hashApiKey(apiKey: string): Promise<string> {
  return toHex(await sha256(apiKey));
}

/** The name of the key that equals `apiKey`. */
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
