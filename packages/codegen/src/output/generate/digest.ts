import { createHash } from "node:crypto";

/** SHA-256 in hexadecimal. Parts are separated, so that moving a byte from one to the next changes the digest. */
export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    if (parts.length > 1) hash.update(`${typeof part === "string" ? Buffer.byteLength(part) : part.byteLength}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}
