import { NotParsableError } from "../../errors.ts";

/**
 * The text of a file: UTF-8, or what its byte order mark says. The mark itself is no part of the text.
 *
 * @throws NotParsableError when the bytes are no text
 */
export function decodeText(bytes: Uint8Array | string, file: string): string {
  if (typeof bytes === "string") return bytes.replace(/^\uFEFF/, "");
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    // removes the mark as well
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NotParsableError("the file must be UTF-8, or UTF-16 with a byte order mark", { file }, { cause });
  }
}
