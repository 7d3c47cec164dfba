import { toBase64 } from "@ghl-edge/core";

const SALT = new TextEncoder().encode("8 bytes!");

/** Encrypts the viewer of a page as HighLevel does: OpenSSL's salted AES-256-CBC with key and IV from MD5, which workerd supports. */
export async function encryptUserContext(context: object, secret: string): Promise<string> {
  let derived = new Uint8Array();
  for (let block = new Uint8Array(); derived.length < 48; ) {
    const material = new Uint8Array([...block, ...new TextEncoder().encode(secret), ...SALT]);
    block = new Uint8Array(await crypto.subtle.digest("MD5", material));
    derived = new Uint8Array([...derived, ...block]);
  }
  const key = await crypto.subtle.importKey("raw", derived.slice(0, 32), "AES-CBC", false, ["encrypt"]);
  const content = new TextEncoder().encode(JSON.stringify(context));
  const encrypted = await crypto.subtle.encrypt({ name: "AES-CBC", iv: derived.slice(32, 48) }, key, content);
  return toBase64(new Uint8Array([...new TextEncoder().encode("Salted__"), ...SALT, ...new Uint8Array(encrypted)]));
}
