import { sha256, timingSafeEqual } from "@ghl-edge/core";

/**
 * Returns the index of the text in `known`, or -1. It compares all hashes completely. So the time reveals neither how much of a guess is
 * right nor which secret is similar.
 */
export async function indexOfSecret(given: string, known: readonly string[]): Promise<number> {
  const hash = await sha256(given);
  let found = -1;
  for (const [index, secret] of known.entries()) {
    const candidate = await sha256(secret);
    if (timingSafeEqual(candidate, hash)) found = index;
  }
  return found;
}
