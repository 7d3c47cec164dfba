import { fromBase64 as decodeBase64, fromHex as decodeHex } from "@ghl-edge/core";

/** Bytes in the type that WebCrypto accepts in every version of TypeScript's library. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const SHA256_BYTES = 32;

/** Returns the number of bytes that base64 of this length and padding encodes. The number has a fraction when it is not base64. */
export function base64ByteLength(text: string): number {
  return (text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
}

/**
 * Decodes padded base64 of exactly `length` bytes. Returns undefined for any other string. Unlike the decoder of core, it reads what a
 * stranger sent.
 */
export function fromBase64(text: string, length: number): Bytes | undefined {
  if (text.length !== Math.ceil(length / 3) * 4) return undefined;
  try {
    const bytes = decodeBase64(text);
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Decodes hexadecimal of either case and of exactly `length` bytes. Returns undefined for any other string. */
export function fromHex(text: string, length: number): Bytes | undefined {
  return text.length === length * 2 && /^[0-9a-f]+$/i.test(text) ? decodeHex(text) : undefined;
}
