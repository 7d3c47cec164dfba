/**
 * Randomness that repeats: the same seed gives the same ids, tokens and sample values, so that a failing test fails
 * again. Not for secrets of a real system: an emulator's tokens open nothing.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** `length` characters of [A-Za-z0-9]. */
  text(length: number): string;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  uuid(): string;
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** FNV-1a over UTF-16 code units: turns a readable seed into the 32-bit state of the generator. */
function hash32(seed: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32: 32 bits of state, enough variety for samples, and a dozen lines. */
export function createRandom(seed: string): Random {
  let state = hash32(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const pick = (alphabet: string, length: number): string => {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[int(alphabet.length)];
    return text;
  };
  const hex = (length: number): string => pick("0123456789abcdef", length);
  return {
    next,
    int,
    hex,
    text: (length) => pick(ALPHANUMERIC, length),
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[int(4)]}${hex(3)}-${hex(12)}`,
  };
}
