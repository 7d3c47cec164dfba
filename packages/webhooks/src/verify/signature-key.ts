import type { Bytes } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";
import type { InFlight } from "./in-flight.ts";
import { HMAC_ALGORITHM, hmacKey, type LazyKey, lazyKey } from "./lazy-key.ts";
import { nodeEd25519 } from "./node-ed25519.ts";
import type { KeyMaterial } from "./public-key.ts";

/** A key with its algorithm. */
export interface SignatureKey {
  readonly verify: (signature: Bytes, data: Bytes) => Promise<boolean> | boolean;
  /** Whether the check runs on this thread depends on other deliveries in flight, so they must be counted. */
  readonly dependsOnOthers?: true;
}

const RSA_ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/**
 * HighLevel's bodies have some KB. A check of 64 KiB takes about twice as long as one of 1 KB. A body of 1 MiB would block the thread for
 * several milliseconds.
 */
const MAX_BYTES_ON_THIS_THREAD = 64 * 1024;

function webCryptoKey(algorithm: string, { imported, load }: LazyKey): SignatureKey {
  return {
    verify(signature, data) {
      const key = imported();
      if (key !== undefined) return crypto.subtle.verify(algorithm, key, signature, data);
      return load().then((loaded) => crypto.subtle.verify(algorithm, loaded, signature, data));
    },
  };
}

function importing({ format, bytes }: KeyMaterial, algorithm: string | typeof RSA_ALGORITHM): LazyKey {
  return lazyKey(() =>
    crypto.subtle.importKey(format, bytes, algorithm, false, ["verify"]).catch((cause: unknown) => {
      throw new WebhookConfigurationError(
        `public key must be one that the runtime supports, got ${bytes.length} bytes that it refuses`,
        { cause },
      );
    }),
  );
}

/**
 * Creates an Ed25519 key. It uses WebCrypto, but Node checks a single delivery on the calling thread: the round trip to the thread pool
 * takes as long as the check itself. With several deliveries, the pool checks them in parallel and the calling thread stays free.
 */
export function ed25519Key(material: KeyMaterial, inFlight: InFlight): SignatureKey {
  const pooled = webCryptoKey("Ed25519", importing(material, "Ed25519"));
  const onThisThread = nodeEd25519(material.bytes);
  if (onThisThread === undefined) return pooled;
  return {
    dependsOnOthers: true,
    verify: (signature, data) =>
      inFlight.count() <= 1 && data.byteLength <= MAX_BYTES_ON_THIS_THREAD
        ? onThisThread(signature, data)
        : pooled.verify(signature, data),
  };
}

export function rsaKey(material: KeyMaterial): SignatureKey {
  return webCryptoKey(RSA_ALGORITHM.name, importing(material, RSA_ALGORITHM));
}

/** WebCrypto compares in constant time. */
export function hmacSignatureKey(secret: Bytes): SignatureKey {
  return webCryptoKey(HMAC_ALGORITHM.name, hmacKey(secret, "verify"));
}
