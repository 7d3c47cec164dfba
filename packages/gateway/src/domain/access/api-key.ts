import { sha256, timingSafeEqual, toBase64Url, toHex } from "@ghl-edge/core";
import type { ApiKey } from "../administration-model.ts";
import { checkDigits, equalDigits } from "./check-digits.ts";

/** Prefix of the directory's keys, by which secret scanners, logs and people recognise them. */
const PREFIX = "ghle_";
/** The id, which is not secret and finds the row; then 256 random bits; then check digits of both. */
const FORMAT = /^ghle_(([0-9a-f]{16})_[A-Za-z0-9_-]{43})([A-Za-z0-9_-]{8})$/;

/** An API key with the hash that a presented key is compared with. Only the middleware reads it. */
export interface StoredApiKey extends ApiKey {
  readonly hash: Uint8Array;
}

/**
 * The key a request carries: `X-Gateway-Key`, or the bearer token, so that any HighLevel client can be given the
 * gateway's key in place of its token.
 */
export function presentedKey(headers: Headers): string | undefined {
  const own = headers.get("x-gateway-key");
  if (own !== null && own !== "") return own;
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Every stored hash is compared, found or not. Keys are random, so one round of SHA-256 is enough. */
export function findByHash<Key extends { readonly hash: Uint8Array }>(
  keys: readonly Key[],
  hash: Uint8Array,
): Key | undefined {
  let found: Key | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

/** Id of a key of the directory; undefined for any other text. */
export function apiKeyId(key: string): string | undefined {
  return FORMAT.exec(key)?.[2];
}

const apiKeyDigits = (checkKey: CryptoKey, text: string): Promise<string> =>
  checkDigits(checkKey, `api_key:${text}`, "base64url");

/** Whether a key's check digits fit. They do not fit an invented key, nor an issued id with another secret. */
export async function isIssuedApiKey(checkKey: CryptoKey, key: string): Promise<boolean> {
  const [, text, , digits] = FORMAT.exec(key) ?? [];
  return text !== undefined && digits !== undefined && equalDigits(digits, await apiKeyDigits(checkKey, text));
}

/** A key of the directory: shown once, then known by its hash. */
export async function newApiKey(
  checkKey: CryptoKey,
): Promise<{ readonly id: string; readonly key: string; readonly hash: Uint8Array }> {
  const id = toHex(crypto.getRandomValues(new Uint8Array(8)));
  const text = `${id}_${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`;
  const key = `${PREFIX}${text}${await apiKeyDigits(checkKey, text)}`;
  return { id, key, hash: await sha256(key) };
}
