import { posix } from "node:path";
import { targetFile } from "../../input/load/reference.ts";

/** References into other files, in JSON and in YAML. What only looks like one costs a file that is not there. */
const REFERENCE = /\$ref["']?\s*:\s*["']?([^"'#\s]+)/g;

/** Reads a file by its path from the folder of the document; undefined where there is none. */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

/**
 * The files a document refers to, and those they refer to, by the path they are referred to by. One that is not there is
 * looked for beside the document and in `common/`: documents are often moved without what they share.
 */
export async function withReferenced(
  path: string,
  bytes: Uint8Array,
  read: ReadFile,
): Promise<Map<string, Uint8Array>> {
  const found = new Map([[path, bytes]]);
  const decoder = new TextDecoder();
  for (const [from, content] of found) {
    for (const [, file = ""] of decoder.decode(content).matchAll(REFERENCE)) {
      const target = targetFile(from, file);
      if (found.has(target) || /^[a-z][a-z0-9+.-]*:/i.test(file)) continue;
      const name = posix.basename(file);
      for (const position of [
        target,
        posix.join(posix.dirname(path), name),
        posix.join(posix.dirname(path), "common", name),
      ]) {
        const other = await read(position);
        if (other === undefined) continue;
        found.set(target, other);
        break;
      }
    }
  }
  return found;
}
