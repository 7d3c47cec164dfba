import { describeSecret, fromBase64, parseUntrustedJson } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import { decryptUnpadded, type WebCrypto, withoutPadding } from "./cipher.ts";
import { readUserContext, type UserContext } from "./context.ts";
import { UserContextError } from "./errors.ts";
import { deriveKey } from "./key.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const BLOCK_BYTES = 16;
const SALT_BYTES = 8;
/** Marker of OpenSSL before a salt (openssl-enc(1)). */
const MAGIC = "Salted__";
/** Largest payload. A user context has some hundred characters, and a longer payload is an attack. */
const MAX_PAYLOAD_CHARACTERS = 16_384;

/** Options of `decryptUserContext`. */
export interface DecryptOptions {
  /** The shared secret (SSO key) from your app's settings. Pass several during a rotation: each is tried. Never use it in a browser. */
  readonly sharedSecret: string | readonly string[];
  /** Web Crypto. Default: the platform's. */
  readonly crypto?: WebCrypto;
}

interface Envelope {
  readonly salt: Bytes;
  readonly ciphertext: Bytes;
}

function openEnvelope(payload: unknown): Envelope | undefined {
  if (typeof payload !== "string" || payload.length > MAX_PAYLOAD_CHARACTERS) return undefined;
  let bytes: Bytes;
  try {
    bytes = fromBase64(payload);
  } catch {
    return undefined;
  }
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  const ciphertext = bytes.slice(MAGIC.length + SALT_BYTES);
  if (magic !== MAGIC || ciphertext.length === 0 || ciphertext.length % BLOCK_BYTES !== 0) return undefined;
  return { salt: bytes.slice(MAGIC.length, MAGIC.length + SALT_BYTES), ciphertext };
}

function parse(content: Uint8Array): UserContext | undefined {
  try {
    return readUserContext(parseUntrustedJson(new TextDecoder("utf-8", { fatal: true }).decode(content)));
  } catch {
    return undefined;
  }
}

async function open(
  { salt, ciphertext }: Envelope,
  secret: string,
  crypto: WebCrypto,
): Promise<UserContext | undefined> {
  const derived = deriveKey(new TextEncoder().encode(secret), salt);
  const { content, valid } = withoutPadding(await decryptUnpadded(derived, ciphertext, crypto));
  const context = parse(content);
  return valid ? context : undefined;
}

/**
 * Decrypts a payload from `requestUserContext` or `exposeSessionDetails`. Call it on your server, because it needs the secret.
 *
 * The payload proves that HighLevel encrypted it for your app at some time. It does not prove when, for which user or for which page. It has
 * no MAC, time or nonce. So it can be replayed until the secret changes, and parts of it can be modified without the secret. Check
 * `companyId` and `activeLocation` before you show their data, and create your own session from it.
 *
 * @param payload - The encrypted user context
 * @param options - The shared secret
 * @returns The user context
 * @throws {UserContextError} for every invalid payload, always the same (`ERR_GHL_USER_CONTEXT_INVALID`)
 * @throws {ConfigurationError} without a secret (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { decryptUserContext } from "@ghl-edge/marketplace/user-context";
 *
 * export async function createSession(request: Request, sharedSecret: string): Promise<string> {
 *   const { userId } = await decryptUserContext(await request.text(), { sharedSecret });
 *   return userId;
 * }
 * ```
 */
export async function decryptUserContext(payload: unknown, options: DecryptOptions): Promise<UserContext> {
  const secrets = typeof options.sharedSecret === "string" ? [options.sharedSecret] : (options.sharedSecret ?? []);
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== "string" || secret === "")) {
    throw new ConfigurationError(
      `sharedSecret must be a non-empty string, or a list of them, got ${describeSecret(secrets.length === 0 ? options.sharedSecret : secrets.find((secret) => !secret))}`,
    );
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
