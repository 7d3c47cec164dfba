import { deriveKey } from "../../src/user-context/key.ts";

export const SECRET = "test-shared-secret";

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(payload: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
}

/** Joins "Salted__", salt and ciphertext to a payload. */
export function sealed(salt: Uint8Array, ciphertext: Uint8Array): string {
  return toBase64(new Uint8Array([...new TextEncoder().encode("Salted__"), ...salt, ...ciphertext]));
}

export const resealed = (bytes: Uint8Array): string => toBase64(bytes);

/** Encrypts as HighLevel does. `plaintext` may be any text. */
export async function encrypt(
  plaintext: string | Uint8Array<ArrayBuffer>,
  secret: string = SECRET,
  salt: Uint8Array = crypto.getRandomValues(new Uint8Array(8)),
): Promise<string> {
  const { key, iv } = deriveKey(new TextEncoder().encode(secret), salt);
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
  const bytes = typeof plaintext === "string" ? new TextEncoder().encode(plaintext) : plaintext;
  return sealed(salt, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, imported, bytes)));
}
