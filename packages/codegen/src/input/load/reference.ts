import { posix } from "node:path";

/** `../common/x.json#/components/schemas/A` taken apart. `file` is "" for a reference inside the document. */
export interface Reference {
  readonly file: string;
  readonly pointer: string;
}

export function parseReference(reference: string): Reference {
  const hash = reference.indexOf("#");
  return hash === -1
    ? { file: reference, pointer: "#" }
    : { file: reference.slice(0, hash), pointer: reference.slice(hash) };
}

/** Path of the file a reference leads to, seen from `from`. Both are paths inside one source. */
export function targetFile(from: string, file: string): string {
  return file === "" ? from : posix.normalize(posix.join(posix.dirname(from), file));
}
