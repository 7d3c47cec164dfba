import { fromBase64, toBase64 } from "@ghl-edge/core";

/**
 * Secrets at rest: AES-256-GCM with a data key per grant, which is wrapped by a key-encryption key that has an id. The
 * additional data binds a ciphertext to its key, so that one row's cannot be pasted into another's.
 */
export interface KeyRing {
  /** Wraps new data keys; the others only open old ones. */
  readonly activeId: string;
  readonly keys: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface DataKey {
  readonly key: CryptoKey;
  /** `<id>.<iv>.<ciphertext>`, to be stored beside what the key seals. */
  readonly wrapped: string;
}

/** Length of an initialisation vector that AES-GCM takes as it is (NIST SP 800-38D, section 5.2.1.1). */
const IV_BYTES = 12;
const KEY_BYTES = 32;

/** The stored bytes do not open with the keys we have: a lost key, or a changed row. */
export class SealBrokenError extends Error {
  readonly code = "ERR_GHL_GATEWAY_SEAL_BROKEN";
  override readonly name = "SealBrokenError";
}

const encode = (plain: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(plain) as Uint8Array<ArrayBuffer>;

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function encrypt(key: CryptoKey, plain: Uint8Array<ArrayBuffer>, recordKey: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encode(recordKey) }, key, plain);
  return `${toBase64(iv)}.${toBase64(new Uint8Array(cipher))}`;
}

async function decrypt(key: CryptoKey, sealed: string, recordKey: string): Promise<Uint8Array<ArrayBuffer>> {
  const [iv, cipher] = sealed.split(".");
  try {
    const algorithm = { name: "AES-GCM", iv: fromBase64(iv ?? ""), additionalData: encode(recordKey) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, fromBase64(cipher ?? "")));
  } catch {
    throw new SealBrokenError(`cannot open what is stored as ${recordKey}`);
  }
}

async function wrapDataKey(ring: KeyRing, bytes: Uint8Array<ArrayBuffer>, recordKey: string): Promise<DataKey> {
  const wrapping = ring.keys.get(ring.activeId);
  if (wrapping === undefined) throw new SealBrokenError(`key-encryption key ${ring.activeId} not found`);
  const wrapped = await encrypt(await importKey(wrapping), bytes, `${recordKey}:data-key`);
  return { key: await importKey(bytes), wrapped: `${ring.activeId}.${wrapped}` };
}

async function unwrapDataKey(ring: KeyRing, wrapped: string, recordKey: string): Promise<Uint8Array<ArrayBuffer>> {
  const id = wrappingKeyId(wrapped);
  const wrapping = ring.keys.get(id);
  if (wrapping === undefined) throw new SealBrokenError(`key-encryption key ${id} not found`);
  return decrypt(await importKey(wrapping), wrapped.slice(id.length + 1), `${recordKey}:data-key`);
}

export function createDataKey(ring: KeyRing, recordKey: string): Promise<DataKey> {
  return wrapDataKey(ring, crypto.getRandomValues(new Uint8Array(KEY_BYTES)), recordKey);
}

/** @throws SealBrokenError when the key-encryption key is gone or is another one */
export async function openDataKey(ring: KeyRing, wrapped: string, recordKey: string): Promise<DataKey> {
  return { key: await importKey(await unwrapDataKey(ring, wrapped, recordKey)), wrapped };
}

/** The same data key under the active key-encryption key: what it seals stays as it is. */
export async function rewrapDataKey(ring: KeyRing, wrapped: string, recordKey: string): Promise<DataKey> {
  return wrapDataKey(ring, await unwrapDataKey(ring, wrapped, recordKey), recordKey);
}

/** Id of the key-encryption key that wraps a data key. */
export const wrappingKeyId = (wrapped: string): string => wrapped.slice(0, Math.max(0, wrapped.indexOf(".")));

export function seal({ key }: DataKey, plain: string, recordKey: string): Promise<string> {
  return encrypt(key, encode(plain), recordKey);
}

/** @throws SealBrokenError when the ciphertext was not sealed by this key for this record key */
export async function open({ key }: DataKey, sealed: string, recordKey: string): Promise<string> {
  return new TextDecoder().decode(await decrypt(key, sealed, recordKey));
}
