type Bytes = Uint8Array<ArrayBuffer>;

/** Web Crypto. Taken from the value: Node's types know no global type `SubtleCrypto`, browsers' and Workers' do. */
export type WebCrypto = typeof crypto.subtle;

const BLOCK_BYTES = 16;

/**
 * AES-256-CBC without Web Crypto's check of the padding, which would fail earlier than anything after it and so tell an attacker
 * which of his guesses had a valid padding: enough to forge a payload of his own (Vaudenay, Eurocrypt 2002).
 *
 * A block is appended that decrypts to sixteen bytes of 16, a padding that Web Crypto takes away.
 */
export async function decryptUnpadded(
  key: Bytes,
  iv: Bytes,
  ciphertext: Bytes,
  crypto: WebCrypto,
): Promise<Uint8Array> {
  const imported = await crypto.importKey("raw", key, "AES-CBC", false, ["encrypt", "decrypt"]);
  const last = ciphertext.slice(-BLOCK_BYTES);
  // The encryption of nothing is one block of padding.
  const padding = await crypto.encrypt({ name: "AES-CBC", iv: last }, imported, new Uint8Array(0));
  const extended = new Uint8Array(ciphertext.length + BLOCK_BYTES);
  extended.set(ciphertext);
  extended.set(new Uint8Array(padding), ciphertext.length);
  return new Uint8Array(await crypto.decrypt({ name: "AES-CBC", iv }, imported, extended));
}

/** Without its PKCS #7 padding (RFC 5652, section 6.3), and whether that was one; all of the last block is looked at in any case. */
export function withoutPadding(plaintext: Uint8Array): { content: Uint8Array; valid: boolean } {
  const length = plaintext.at(-1) ?? 0;
  let wrong = length < 1 || length > BLOCK_BYTES ? 1 : 0;
  for (let index = 1; index <= BLOCK_BYTES; index++) {
    const difference = plaintext.at(-index)! ^ length;
    wrong |= index <= length ? difference : 0;
  }
  return { content: plaintext.subarray(0, plaintext.length - (wrong === 0 ? length : 0)), valid: wrong === 0 };
}
