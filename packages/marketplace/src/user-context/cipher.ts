type Bytes = Uint8Array<ArrayBuffer>;

/** Type of Web Crypto. It is taken from the value, because Node's types have no global `SubtleCrypto`. */
export type WebCrypto = typeof crypto.subtle;

const BLOCK_BYTES = 16;

/**
 * Decrypts AES-256-CBC without Web Crypto's check of the padding. That check fails earlier than every later check, so it would reveal which
 * guesses have a valid padding. That is enough to forge a payload (Vaudenay, Eurocrypt 2002).
 *
 * It appends a block that decrypts to sixteen bytes of 16, a padding that Web Crypto removes.
 */
export async function decryptUnpadded(
  { key, iv }: { readonly key: Bytes; readonly iv: Bytes },
  ciphertext: Bytes,
  crypto: WebCrypto,
): Promise<Uint8Array> {
  const imported = await crypto.importKey("raw", key, "AES-CBC", false, ["encrypt", "decrypt"]);
  const last = ciphertext.slice(-BLOCK_BYTES);
  // Encrypting an empty text yields one block of padding.
  const padding = await crypto.encrypt({ name: "AES-CBC", iv: last }, imported, new Uint8Array(0));
  const extended = new Uint8Array(ciphertext.length + BLOCK_BYTES);
  extended.set(ciphertext);
  extended.set(new Uint8Array(padding), ciphertext.length);
  return new Uint8Array(await crypto.decrypt({ name: "AES-CBC", iv }, imported, extended));
}

/** Removes PKCS #7 padding (RFC 5652, section 6.3) and returns whether it was valid. It always checks the whole last block. */
export function withoutPadding(plaintext: Uint8Array): { content: Uint8Array; valid: boolean } {
  const length = plaintext.at(-1) ?? 0;
  let wrong = length < 1 || length > BLOCK_BYTES ? 1 : 0;
  for (let index = 1; index <= BLOCK_BYTES; index++) {
    const difference = plaintext.at(-index)! ^ length;
    wrong |= index <= length ? difference : 0;
  }
  return { content: plaintext.subarray(0, plaintext.length - (wrong === 0 ? length : 0)), valid: wrong === 0 };
}
