/** Returns the part that a key belongs to, from 0 to `parts` - 1. A key always has the same part. The hash is FNV-1a with 32 bits. */
export function partOf(key: string, parts: number): number {
  let hash = 0x811c9dc5;
  for (const character of key) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash % parts;
}
