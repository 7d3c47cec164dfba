import { ConfigurationError, UserContextError } from "../errors.ts";
import { parseForeignJson } from "../http/foreign-json.ts";
import { decryptUnpadded, type WebCrypto, withoutPadding } from "./cipher.ts";
import { readUserContext, type UserContext } from "./context.ts";
import { deriveKey } from "./key.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const BLOCK_BYTES = 16;
const SALT_BYTES = 8;
/** OpenSSL's mark before a salt, "Salted__" (openssl-enc(1)). */
const MAGIC = "Salted__";
/** A context is some hundred characters; the rest is somebody's attempt to make work. */
const MAX_PAYLOAD_CHARACTERS = 16_384;

export interface DecryptOptions {
  /** The shared secret (SSO key) of your app's settings; several while you change it, each is tried. Never in a browser. */
  readonly sharedSecret: string | readonly string[];
  /** Default: the platform's. */
  readonly crypto?: WebCrypto;
}

interface Envelope {
  readonly salt: Bytes;
  readonly ciphertext: Bytes;
}

function openEnvelope(payload: unknown): Envelope | undefined {
  if (typeof payload !== "string" || payload.length > MAX_PAYLOAD_CHARACTERS) return undefined;
  let binary: string;
  try {
    binary = atob(payload);
  } catch {
    return undefined;
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const ciphertext = bytes.slice(MAGIC.length + SALT_BYTES);
  if (!binary.startsWith(MAGIC) || ciphertext.length === 0 || ciphertext.length % BLOCK_BYTES !== 0) return undefined;
  return { salt: bytes.slice(MAGIC.length, MAGIC.length + SALT_BYTES), ciphertext };
}

function parse(content: Uint8Array): UserContext | undefined {
  try {
    return readUserContext(parseForeignJson(new TextDecoder("utf-8", { fatal: true }).decode(content)));
  } catch {
    return undefined;
  }
}

async function open(
  { salt, ciphertext }: Envelope,
  secret: string,
  crypto: WebCrypto,
): Promise<UserContext | undefined> {
  const { key, iv } = deriveKey(new TextEncoder().encode(secret), salt);
  const { content, valid } = withoutPadding(await decryptUnpadded(key, iv, ciphertext, crypto));
  const context = parse(content);
  return valid ? context : undefined;
}

/**
 * The user context in a payload from `requestUserContext` or `exposeSessionDetails`. On your server: it needs the secret.
 *
 * It proves that HighLevel encrypted it for your app at some time. It does not prove when, for whom or for which page: there is no
 * MAC, time or nonce in it, so that it can be replayed for as long as the secret lives, and parts of it can be garbled without the
 * secret. Look at `companyId` and `activeLocation` before you show anything of theirs, and make a session of your own out of it.
 *
 * @throws {UserContextError} for every payload that is none, always the same.
 * @throws {ConfigurationError} without a secret.
 */
export async function decryptUserContext(payload: unknown, options: DecryptOptions): Promise<UserContext> {
  const secrets = typeof options.sharedSecret === "string" ? [options.sharedSecret] : (options.sharedSecret ?? []);
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== "string" || secret === "")) {
    throw new ConfigurationError("sharedSecret must not be empty");
  }
  const envelope = openEnvelope(payload);
  if (envelope !== undefined) {
    for (const secret of secrets) {
      const context = await open(envelope, secret, options.crypto ?? crypto.subtle);
      if (context !== undefined) return context;
    }
  }
  throw new UserContextError();
}
