import { timingSafeEqual, toBase64Url, toHex } from "@ghl-edge/core";

/** 48 bits of HMAC-SHA-256: one invented text in 2.8e14 has the right digits. */
const CHECK_BYTES = 6;

const ENCODINGS = { hex: toHex, base64url: toBase64Url };
type Encoding = keyof typeof ENCODINGS;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/** The key from the secret of the directory (`check_secret`). */
export function importCheckKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/**
 * Check digits of what the gateway issues, so that an invented text is refused before it is looked up. They grant nothing.
 *
 * @param text - Begins with its purpose, so that digits of one kind do not fit another
 * @returns 12 hexadecimal digits, or 8 of base64url
 */
export async function checkDigits(key: CryptoKey, text: string, encoding: Encoding): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", key, bytesOf(text));
  return ENCODINGS[encoding](new Uint8Array(mac, 0, CHECK_BYTES));
}

/** Compares in constant time, so that the time of a refusal does not reveal the digits one by one. */
export const equalDigits = (left: string, right: string): boolean => timingSafeEqual(left, right);
