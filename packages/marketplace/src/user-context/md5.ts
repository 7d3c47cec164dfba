/**
 * MD5 (RFC 1321), which Web Crypto does not have. HighLevel's payload requires it for the key derivation. It provides no security by
 * itself.
 */

type Bytes = Uint8Array<ArrayBuffer>;

const BLOCK_BYTES = 64;

/** Shift amounts of the four rounds, section 3.4. */
const SHIFTS: readonly (readonly number[])[] = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** T[i] = floor(2^32 × |sin(i)|), i from 1 to 64, section 3.4. */
const TABLE: readonly number[] = Array.from({ length: 64 }, (_, index) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))),
);

/** The four words A, B, C and D (section 3.3). */
type State = readonly [number, number, number, number];

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Pads the message with a one bit, zeros, and the length in bits, little-endian (sections 3.1 and 3.2). */
function padded(message: Uint8Array): Bytes {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(message.length) * 8n, true);
  return bytes;
}

/** Returns the value of the auxiliary function of a step, and the index of its word in the block (section 3.4). */
function mix(step: number, [, b, c, d]: State): readonly [value: number, word: number] {
  if (step < 16) return [(b & c) | (~b & d), step];
  if (step < 32) return [(b & d) | (c & ~d), (5 * step + 1) % 16];
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) % 16];
  return [c ^ (b | ~d), (7 * step) % 16];
}

export function md5(message: Uint8Array): Bytes {
  const bytes = padded(message);
  const view = new DataView(bytes.buffer);
  const state: [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step++) {
      const [value, word] = mix(step, [a, b, c, d]);
      const sum = (a + value + TABLE[step]! + view.getUint32(offset + word * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, SHIFTS[step >> 4]![step % 4]!)) | 0];
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) digest.setInt32(index * 4, word, true);
  return new Uint8Array(digest.buffer);
}
