import { fromBase64, toBase64 } from "@ghl-edge/core";
import * as v from "valibot";
import type { KeyRing } from "../domain/grants/seal.ts";
import { check, json, misconfigured, object, text } from "./config-fields.ts";

/** The key of `.dev.vars.example`. It is published, so it protects nothing. */
export const EXAMPLE_TOKEN_KEY = "Z2hsLWVkZ2UgZXhhbXBsZSBrZXksIG5vdCBzZWNyZXQ=";

/** The structure of `TOKEN_KEYS`, as an error shows it. */
const FORM = '{ "active": "<id>", "keys": { "<id>": "<base64 of 32 bytes>" } }';
const KEY_ID = /^[a-z0-9-]{1,32}$/;
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;
/** 32 random bytes have about 30 distinct values. With fewer than 8 they were typed by hand (chance: below 1e-30). */
const LEAST_DISTINCT_BYTES = 8;

const form = v.strictObject({ active: text, keys: v.unknown() });

/** Detects zeros, one repeated byte, a short pattern, and bytes that count up or down. */
function isGuessable(bytes: Uint8Array): boolean {
  const stepOf = (index: number): number => (bytes[index]! - bytes[index - 1]! + 256) % 256;
  const countsOn = bytes.every((_byte, index) => index < 2 || stepOf(index) === stepOf(1));
  return countsOn || new Set(bytes).size < LEAST_DISTINCT_BYTES;
}

function readKey(path: string, value: unknown, allowExample: boolean): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === "string" && BASE64_OF_32_BYTES.test(value) ? fromBase64(value) : undefined;
  if (bytes === undefined) throw misconfigured(path, "the base64 of 32 bytes", value);
  if (isGuessable(bytes)) throw misconfigured(path, "32 random bytes, as from `openssl rand -base64 32`", value);
  if (!allowExample && toBase64(bytes) === EXAMPLE_TOKEN_KEY)
    throw misconfigured(path, "a key of your own instead of the published example", value);
  return bytes;
}

/**
 * Reads `TOKEN_KEYS`. The active key is named because no order is reliable: JSON objects put names that look like
 * integers in numerical order, so `{ "2": …, "1": … }` has `1` first.
 *
 * @param allowExample - Whether the published key of `.dev.vars.example` may be used, only for development
 * @throws ConfigError
 */
export function readTokenKeys(raw: string, allowExample: boolean): KeyRing {
  const at = "TOKEN_KEYS";
  const value = object(at, json(at, raw));
  if (!("active" in value) || !("keys" in value)) throw misconfigured(at, FORM, value);
  const { active, keys } = check(at, form, value);
  const ring = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [id, key] of Object.entries(object(`${at}.keys`, keys))) {
    if (!KEY_ID.test(id))
      throw misconfigured(`${at}.keys`, "an object with ids of 1 to 32 lower-case letters, digits and dashes", keys);
    const bytes = readKey(`${at}.keys.${id}`, key, allowExample);
    const same = [...ring].find(([, other]) => toBase64(other) === toBase64(bytes));
    if (same !== undefined) throw misconfigured(`${at}.keys.${id}`, `another key than that of ${same[0]}`, key);
    ring.set(id, bytes);
  }
  if (!ring.has(active)) throw misconfigured(`${at}.active`, "the id of one of the keys", active);
  return { activeId: active, keys: ring };
}
