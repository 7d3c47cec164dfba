import * as v from "valibot";
import { fromBase64, toBase64 } from "../domain/encoding.ts";
import type { KeyRing } from "../domain/seal.ts";
import { ConfigError, check, json, object, text } from "./config-fields.ts";

/** The key of `.dev.vars.example`: published, so it protects nothing. */
export const EXAMPLE_TOKEN_KEY = "Z2hsLWVkZ2UgZXhhbXBsZSBrZXksIG5vdCBzZWNyZXQ=";

/** The form of `TOKEN_KEYS`, as an error shows it. */
const FORM = '{ "active": "<id>", "keys": { "<id>": "<base64 of 32 bytes>" } }';
const KEY_ID = /^[a-z0-9-]{1,32}$/;
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;
/** 32 random bytes have about 30 distinct values; with fewer than 8 they were typed by hand (chance: below 1e-30). */
const LEAST_DISTINCT_BYTES = 8;

const form = v.strictObject({ active: text, keys: v.unknown() });

/** Zeros, one repeated byte or a short pattern, bytes that count up or down. */
function isGuessable(bytes: Uint8Array): boolean {
  const stepOf = (index: number): number => (bytes[index]! - bytes[index - 1]! + 256) % 256;
  const countsOn = bytes.every((_byte, index) => index < 2 || stepOf(index) === stepOf(1));
  return countsOn || new Set(bytes).size < LEAST_DISTINCT_BYTES;
}

function readKey(at: string, value: unknown, allowExample: boolean): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === "string" && BASE64_OF_32_BYTES.test(value) ? fromBase64(value) : undefined;
  if (bytes === undefined) throw new ConfigError(at, "the base64 of 32 bytes");
  if (isGuessable(bytes)) throw new ConfigError(at, "random, as from `openssl rand -base64 32`");
  if (!allowExample && toBase64(bytes) === EXAMPLE_TOKEN_KEY)
    throw new ConfigError(at, "a key of your own: the example's is published");
  return bytes;
}

/**
 * Reads `TOKEN_KEYS`. The active key is named, not the first: JSON objects put names that look like integers in
 * numerical order, so `{ "2": …, "1": … }` has `1` first.
 *
 * @param allowExample whether the published key of `.dev.vars.example` may be used: for development alone
 * @throws ConfigError
 */
export function readTokenKeys(raw: string, allowExample: boolean): KeyRing {
  const at = "TOKEN_KEYS";
  const value = object(at, json(at, raw));
  if (!("active" in value) || !("keys" in value)) throw new ConfigError(at, FORM);
  const { active, keys } = check(at, form, value);
  const ring = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [id, key] of Object.entries(object(`${at}.keys`, keys))) {
    if (!KEY_ID.test(id)) throw new ConfigError(`${at}.keys`, "named by 1 to 32 lower-case letters, digits and dashes");
    const bytes = readKey(`${at}.keys.${id}`, key, allowExample);
    const same = [...ring].find(([, other]) => toBase64(other) === toBase64(bytes));
    if (same !== undefined) throw new ConfigError(`${at}.keys.${id}`, `another key than that of ${same[0]}`);
    ring.set(id, bytes);
  }
  if (!ring.has(active)) throw new ConfigError(`${at}.active`, "the id of one of the keys");
  return { activeId: active, keys: ring };
}
