/** `crypto.subtle` of workerd has one method more than the standard. */
interface WorkerdSubtle {
  timingSafeEqual?(left: Uint8Array, right: Uint8Array): boolean;
}

const bytesOf = (value: string | Uint8Array): Uint8Array =>
  typeof value === "string" ? new TextEncoder().encode(value) : value;

/**
 * Compares two secrets, or their hashes, in constant time, so that the time does not reveal where they differ. Lengths are not secret.
 *
 * @param left - Bytes, or a text that is compared in UTF-8
 * @param right - Bytes, or a text that is compared in UTF-8
 * @returns Whether both have the same bytes
 * @see https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#timingsafeequal
 */
export function timingSafeEqual(left: string | Uint8Array, right: string | Uint8Array): boolean {
  const one = bytesOf(left);
  const other = bytesOf(right);
  // The method of workerd throws when the lengths differ.
  if (one.length !== other.length) return false;
  const subtle = crypto.subtle as (typeof crypto.subtle & WorkerdSubtle) | undefined;
  if (subtle?.timingSafeEqual) return subtle.timingSafeEqual(one, other);
  let difference = 0;
  for (let index = 0; index < one.length; index++) difference |= one[index]! ^ other[index]!;
  return difference === 0;
}
