import { gzipSync } from "node:zlib";

/** One entry of an archive made for a test. `type` as in the tar header: `0` file, `g` global pax header, … */
export interface Entry {
  readonly path: string;
  readonly text: string;
  readonly type?: string;
  /** Seconds since 1970. */
  readonly modified?: number;
}

const BLOCK = 512;

function block(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

function header({ path, text, type = "0", modified = 0 }: Entry): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(path, 0);
  bytes.write("0000644\0", 100);
  bytes.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124);
  bytes.write(`${modified.toString(8).padStart(11, "0")}\0`, 136);
  bytes.write("        ", 148);
  bytes.write(type, 156);
  bytes.write("ustar\x0000", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

/** An uncompressed archive. */
export function makeTar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => [header(entry), block(entry.text)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

export function makeTarGz(entries: readonly Entry[]): Buffer {
  return gzipSync(makeTar(entries));
}

/** Text of a pax header: each record begins with its own length. */
export function pax(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length)
    length = String(length).length + Buffer.byteLength(rest);
  return length + rest;
}
