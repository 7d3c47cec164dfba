import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { WriteError } from "./errors.ts";
import { makeFolder } from "./make-folder.ts";

/** Writes the output file of a command, and makes the folders above it. @throws WriteError */
export async function writeOutput(file: string, text: string): Promise<void> {
  try {
    makeFolder(dirname(file));
    await writeFile(file, text);
  } catch (cause) {
    throw new WriteError(`cannot be written: ${(cause as Error).message}`, { file }, { cause });
  }
}
