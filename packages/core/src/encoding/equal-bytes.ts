/**
 * Compares in constant time, so that the time does not reveal where two hashes differ. Lengths are not secret.
 * Why not `crypto.subtle.timingSafeEqual`: only workerd has it.
 */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left[index]! ^ right[index]!;
  return difference === 0;
}
