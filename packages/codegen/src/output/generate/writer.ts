import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WriteError } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import type { GeneratedFile } from "../emit/file.ts";

/**
 * Writes all files, or none: every text goes to a file of its own beside its place first, and takes the place only when
 * all of them are on the disk.
 */
export function writeAll(root: string, files: readonly GeneratedFile[], removed: readonly string[]): void {
  const staged: { from: string; to: string }[] = [];
  let at = "";
  try {
    for (const { path, text } of files) {
      at = path;
      const to = join(root, path);
      const from = `${to}.${process.pid}.tmp`;
      makeFolder(dirname(to));
      staged.push({ from, to });
      writeFileSync(from, text);
    }
    for (const { from, to } of staged) {
      at = to;
      renameSync(from, to);
    }
    for (const path of removed) {
      at = path;
      rmSync(join(root, path));
    }
  } catch (cause) {
    for (const { from } of staged) rmSync(from, { force: true });
    throw new WriteError(`cannot be written: ${(cause as Error).message}`, { file: at }, { cause });
  }
}
