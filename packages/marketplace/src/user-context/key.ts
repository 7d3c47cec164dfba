import { md5 } from "./md5.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const KEY_BYTES = 32;
const IV_BYTES = 16;

function concat(...parts: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * Derives key and IV from a passphrase and a salt: D(i) = MD5(D(i-1) ‖ passphrase ‖ salt), with one round each.
 *
 * @see https://docs.openssl.org/3.4/man3/EVP_BytesToKey/ (read 2026-11-21)
 */
export function deriveKey(passphrase: Uint8Array, salt: Uint8Array): { key: Bytes; iv: Bytes } {
  let derived: Bytes = new Uint8Array(0);
  let last: Bytes = new Uint8Array(0);
  while (derived.length < KEY_BYTES + IV_BYTES) {
    last = md5(concat(last, passphrase, salt));
    derived = concat(derived, last);
  }
  return { key: derived.slice(0, KEY_BYTES), iv: derived.slice(KEY_BYTES, KEY_BYTES + IV_BYTES) };
}
