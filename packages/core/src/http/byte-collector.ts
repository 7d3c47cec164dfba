/** A body that arrives in pieces. */
export interface ByteCollector {
  /** Bytes so far. */
  readonly length: number;
  add(chunk: Uint8Array): void;
  /** All bytes in one array. A body of a single piece is that piece, not a copy. */
  bytes(): Uint8Array<ArrayBuffer>;
}

const MIN_CAPACITY = 4_096;

/**
 * Joins the pieces of a body as they arrive, in a buffer that doubles. A list of the pieces would cost an object per piece.
 * Chunked transfer coding lets a sender split 1 MiB into a million pieces, which would take hundreds of MiB as objects.
 */
export function createByteCollector(): ByteCollector {
  let buffer = new Uint8Array(0);
  let length = 0;
  /** Whether `buffer` is the first piece itself, which is not ours to write to. */
  let isBorrowed = false;

  function reserve(needed: number): void {
    if (!isBorrowed && needed <= buffer.byteLength) return;
    const larger = new Uint8Array(Math.max(needed, buffer.byteLength * 2, MIN_CAPACITY));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
    isBorrowed = false;
  }

  return {
    get length() {
      return length;
    },
    add(chunk) {
      if (chunk.byteLength === 0) return;
      if (length === 0) {
        buffer = chunk as Uint8Array<ArrayBuffer>;
        isBorrowed = true;
      } else {
        reserve(length + chunk.byteLength);
        buffer.set(chunk, length);
      }
      length += chunk.byteLength;
    },
    bytes: () => (length === buffer.byteLength ? buffer : buffer.slice(0, length)),
  };
}
