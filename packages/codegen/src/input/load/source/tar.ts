/** One regular file of a tar archive. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Seconds since 1970, UTC. */
  readonly modified: number;
}

export interface TarContent {
  readonly files: readonly TarFile[];
  /** Comment of the global pax header. `git archive`, and so GitHub, writes the commit hash there. */
  readonly comment: string | undefined;
}

const BLOCK = 512;

/**
 * Reads an uncompressed POSIX ustar archive with pax headers (POSIX.1-2017, pax, "ustar Interchange Format") and GNU
 * long names. Links and other special entries are passed over.
 *
 * This reader is our own, because nanotar 0.3.0 reads an archive that is cut off as a shorter one, and any other file as an empty one.
 *
 * @throws RangeError when the archive is cut off or not a tar archive
 */
export function readTar(archive: Uint8Array): TarContent {
  const files: TarFile[] = [];
  let comment: string | undefined;
  let longPath: string | undefined;
  for (let offset = 0; offset + BLOCK <= archive.length; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return { files, comment };
    requireChecksum(header);
    const size = octal(header, 124, 12);
    const start = offset + BLOCK;
    if (start + size > archive.length) throw new RangeError("the archive is cut off");
    const bytes = archive.subarray(start, start + size);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "g") comment = paxRecords(bytes).get("comment") ?? comment;
    else if (type === "x") longPath = paxRecords(bytes).get("path") ?? longPath;
    else if (type === "L") longPath = text(bytes, 0, bytes.length);
    else {
      if (type === "0" || type === "\0")
        files.push({ path: longPath ?? pathOf(header), bytes, modified: octal(header, 136, 12) });
      longPath = undefined;
    }
  }
  throw new RangeError("the archive has no end");
}

/** Sum of all header bytes, the checksum field itself counted as blanks. */
function requireChecksum(header: Uint8Array): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new RangeError("file must be a tar archive");
}

function pathOf(header: Uint8Array): string {
  const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function octal(bytes: Uint8Array, start: number, length: number): number {
  const digits = text(bytes, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

/** Records of a pax header: `length key=value\n`, the length counting itself in bytes. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < bytes.length; ) {
    const blank = bytes.indexOf(32, offset);
    const length = Number(text(bytes, offset, blank - offset));
    if (blank === -1 || !Number.isInteger(length) || length <= 0)
      throw new RangeError("pax header must state its length");
    const [, key = "", value = ""] =
      /^([^=]*)=([\s\S]*)\n$/.exec(text(bytes, blank + 1, offset + length - blank - 1)) ?? [];
    records.set(key, value);
    offset += length;
  }
  return records;
}
