import { readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { NetworkError, UnreadableFileError } from "../../errors.ts";
import { download } from "./source/github.ts";

/** Location that a document and the files beside it are read from. */
export interface Location {
  /** Name of the document in its folder. */
  readonly name: string;
  /** Its address, when it is not a file. */
  readonly url: string | undefined;
  /** Returns the name of a file in errors. */
  readonly labelOf: (path: string) => string;
  /** The bytes of a file by its path from the folder. */
  readonly read: (path: string) => Promise<Uint8Array>;
}

/** Longest document that is read from an address. Real ones have up to 20 MB. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export const isAddress = (file: string): boolean => /^https?:\/\//i.test(file);

/** Resolves a command-line argument. An address stays as it is; a file becomes an absolute path, also from `file:`. */
export function locate(named: string, cwd: string): string {
  if (/^file:\/\//i.test(named)) return fileURLToPath(named);
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(named) ? named : resolve(cwd, named);
}

/** @throws UnreadableFileError for an address of another kind than http and https */
export function locationOf(file: string, fetch: typeof globalThis.fetch = globalThis.fetch): Location {
  if (isAddress(file)) return remote(file, fetch);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) {
    throw new UnreadableFileError("must be a file, or an address with http: or https:", { file });
  }
  const path = resolve(file);
  const folder = dirname(path);
  return {
    name: basename(path),
    url: undefined,
    labelOf: (other) => relative(process.cwd(), resolve(folder, other)),
    read: (other) => readFile(resolve(folder, other)),
  };
}

function remote(address: string, fetch: typeof globalThis.fetch): Location {
  const url = new URL(address);
  const hrefOf = (path: string): string => new URL(path, url).href;
  const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? "") || "openapi";
  return {
    name,
    url: address,
    labelOf: hrefOf,
    read: (path) =>
      download(path === name ? address : hrefOf(path), fetch, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_DOCUMENT_BYTES }),
  };
}

/** Describes why the system refused: in words for common reasons, otherwise by its code. */
function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "file not found";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  return code ?? "unknown reason";
}

/** @throws UnreadableFileError, NetworkError */
export async function readLocation(location: Location, path: string, label: string): Promise<Uint8Array> {
  return location.read(path).catch((cause: unknown) => {
    if (cause instanceof NetworkError) throw cause;
    throw new UnreadableFileError(`cannot be read: ${reasonOf(cause)}`, { file: label }, { cause });
  });
}
