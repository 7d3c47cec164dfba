import { toHex } from "../hex.ts";

type Bytes = Uint8Array<ArrayBuffer>;

async function digest(apiKey: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(apiKey)));
}

/**
 * SHA-256 of an API key, in hexadecimal: what to store and look up in place of the key. Keys are long and random, so that a plain
 * hash of one gives nothing away.
 */
export async function hashApiKey(apiKey: string): Promise<string> {
  return toHex(await digest(apiKey));
}

/**
 * The name of the key that equals `apiKey`. Hashes are compared, all of them and to their ends: how long it takes tells neither how
 * much of a guess is right nor which key it was near.
 */
export async function nameOfApiKey<Name extends string>(
  apiKey: string,
  keys: Readonly<Record<Name, string>>,
): Promise<Name | undefined> {
  const given = await digest(apiKey);
  let found: Name | undefined;
  for (const [name, key] of Object.entries(keys) as [Name, string][]) {
    const known = await digest(key);
    let difference = 0;
    for (let index = 0; index < known.length; index++) difference |= known[index]! ^ given[index]!;
    if (difference === 0) found = name;
  }
  return found;
}
