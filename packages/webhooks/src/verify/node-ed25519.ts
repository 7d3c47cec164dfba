import { toBase64Url } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";

/** The part of `node:crypto` that is used: https://nodejs.org/api/crypto.html, read 2026-11-30. */
interface NodeCrypto {
  createPublicKey(key: { readonly format: "jwk"; readonly key: Readonly<Record<string, string>> }): object;
  verify(algorithm: null, data: Bytes, key: object, signature: Bytes): boolean;
}

interface NodeProcess {
  getBuiltinModule?(id: string): unknown;
}

/** Start of the user agent of Node 21 and later. Workerd, Deno and Bun also have a `process`, but another user agent. */
const NODE_USER_AGENT = "Node.js/";

function nodeCrypto(): NodeCrypto | undefined {
  const { navigator, process } = globalThis as { navigator?: { userAgent?: string }; process?: NodeProcess };
  if (!navigator?.userAgent?.startsWith(NODE_USER_AGENT)) return undefined;
  // Loaded at run time, because an import would fail in other runtimes and in bundlers for browsers.
  return process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
}

/**
 * Creates Node's check of an Ed25519 signature on the calling thread, for one key (32 bytes, RFC 8032 section 5.1.5). Returns undefined in
 * other runtimes, and for a key that Node rejects.
 */
export function nodeEd25519(key: Bytes): ((signature: Bytes, data: Bytes) => boolean) | undefined {
  const node = nodeCrypto();
  if (node === undefined) return undefined;
  // RFC 8037, section 2: a JWK writes bytes as base64url without padding.
  const x = toBase64Url(key);
  try {
    const publicKey = node.createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
    return (signature, data) => node.verify(null, data, publicKey, signature);
  } catch {
    return undefined; // WebCrypto checks the key too, and the caller sees its error.
  }
}
