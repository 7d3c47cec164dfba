import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MARK } from "../emit/file.ts";

const SUFFIX = /\.gen\.(ts|d\.ts|json)$/;

/** Bytes of a file, undefined when there is none. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Files below a target folder that this generator wrote from the documents named: those with the suffix and the mark.
 * Anything else in there is somebody's own and is left alone, also what was generated from another document.
 *
 * @param from - Beginning of the source that the mark names: `openapi/`; `""` takes every source
 */
export function generatedFilesIn(root: string, folder: string, from: string): string[] {
  const absolute = join(root, folder);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(absolute, { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => SUFFIX.test(file) && carriesMark(join(root, file), from))
    .sort();
}

function carriesMark(path: string, from: string): boolean {
  return readIfThere(path)?.subarray(0, 200).includes(`${MARK} from ${from}`) === true;
}
