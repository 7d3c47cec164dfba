import { describeSecret } from "@ghl-edge/core";
import { type Bytes, base64ByteLength, fromBase64, fromHex, SHA256_BYTES } from "../encoding.ts";
import { type SignatureScheme, WebhookConfigurationError } from "../errors.ts";
import { optionList } from "../option-checks.ts";
import { ED25519_HEADER, HMAC_HEADER, RSA_HEADER } from "./headers.ts";
import { HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY, HIGHLEVEL_PUBLIC_KEY } from "./highlevel-keys.ts";
import { createInFlight, type InFlight } from "./in-flight.ts";
import { ed25519Material, type PublicKey, rsaMaterial } from "./public-key.ts";
import { ed25519Key, hmacSignatureKey, rsaKey, type SignatureKey } from "./signature-key.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/** A signature scheme with its valid keys. */
export interface Scheme {
  readonly name: SignatureScheme;
  readonly header: string;
  /** Decodes the header's value. Returns undefined when it is not an encoded signature of this scheme. */
  readonly decode: (value: string) => Bytes | undefined;
  readonly keys: readonly SignatureKey[];
}

/** The enabled schemes. */
export interface Schemes {
  /** Schemes in order of precedence: the first whose header is present decides alone. */
  readonly schemes: readonly Scheme[];
  /** Counter that all verifiers with the same list of keys share. Undefined when no check depends on it. */
  readonly inFlight: InFlight | undefined;
}

const ED25519_SIGNATURE_BYTES = 64; // RFC 8032, section 5.1.6

const HIGHLEVEL_KEYS: readonly PublicKey[] = [HIGHLEVEL_PUBLIC_KEY];

interface ImportedKeys {
  /** Copy of the list of keys, because the caller may change the list. */
  readonly texts: readonly PublicKey[];
  readonly imported: readonly SignatureKey[];
  readonly inFlight: InFlight;
}

// R8: an entry depends on its key alone and is collected with it. Importing a key for each delivery makes OpenSSL prepare it
// again: `verifyWebhook` spent a third of its time on that.
const IMPORTED = new WeakMap<readonly PublicKey[], ImportedKeys>();

function ed25519Keys(keys: readonly PublicKey[]): ImportedKeys {
  const known = IMPORTED.get(keys);
  if (known?.texts.length === keys.length && known.texts.every((text, index) => text === keys[index])) return known;
  const inFlight = createInFlight();
  const imported = keys.map((key) => ed25519Key(ed25519Material(key), inFlight));
  const read = { texts: [...keys], imported, inFlight };
  // Keys as bytes are not cached: they can change in place without notice.
  if (keys.every((key) => typeof key === "string")) IMPORTED.set(keys, read);
  return read;
}

function decodeRsa(value: string): Bytes | undefined {
  const length = base64ByteLength(value);
  // A signature has 2048 to 8192 bits.
  return length >= 256 && length <= 1024 ? fromBase64(value, length) : undefined;
}

function decodeHmac(value: string): Bytes | undefined {
  const text = value.replace(/^sha256=/i, "");
  return fromHex(text, SHA256_BYTES) ?? fromBase64(text, SHA256_BYTES);
}

function textKey(secret: string): SignatureKey {
  if (typeof secret !== "string" || secret === "")
    throw new WebhookConfigurationError(
      `each of hmac.secrets must be a non-empty string, got ${describeSecret(secret)}`,
    );
  return hmacSignatureKey(new TextEncoder().encode(secret) as Bytes);
}

/**
 * Returns the enabled schemes.
 *
 * @throws {WebhookConfigurationError} when a key is invalid, or when no scheme is enabled
 */
export function readSchemes(options: VerifierOptions): Schemes {
  const { legacyRsa = false, hmac } = options;
  const keys = optionList("keys", options.keys ?? HIGHLEVEL_KEYS);
  const rsaKeys =
    typeof legacyRsa === "boolean"
      ? legacyRsa
        ? [HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY]
        : []
      : optionList<PublicKey>("legacyRsa.keys", Object(legacyRsa).keys);
  const secrets = hmac === undefined ? [] : optionList<string>("hmac.secrets", Object(hmac).secrets);
  const { imported, inFlight } = ed25519Keys(keys);
  const schemes: Scheme[] = [
    {
      name: "ed25519",
      header: ED25519_HEADER,
      decode: (value) => fromBase64(value, ED25519_SIGNATURE_BYTES),
      keys: imported,
    },
  ];
  if (rsaKeys.length > 0) {
    const rsa = rsaKeys.map((key) => rsaKey(rsaMaterial(key)));
    schemes.push({ name: "rsa", header: RSA_HEADER, decode: decodeRsa, keys: rsa });
  }
  if (secrets.length > 0) {
    schemes.push({ name: "hmac", header: HMAC_HEADER, decode: decodeHmac, keys: secrets.map(textKey) });
  }
  if (schemes.every((scheme) => scheme.keys.length === 0)) {
    throw new WebhookConfigurationError("at least one of keys, legacyRsa and hmac must have a key, got none");
  }
  return { schemes, inFlight: imported.some((key) => key.dependsOnOthers) ? inFlight : undefined };
}
