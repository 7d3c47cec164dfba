import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WriteError } from "../../errors.ts";
import { byCodeUnit } from "../../json/json.ts";
import { makeFolder } from "../../make-folder.ts";

/** Differences between a folder and its expected contents. Paths are relative to the folder, sorted. */
export interface FolderDifference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares the folder with `files`. Only documents below `v2/` and `v3/` count as superfluous. */
export async function compareFolder(folder: string, files: ReadonlyMap<string, string>): Promise<FolderDifference> {
  const added: string[] = [];
  const changed: string[] = [];
  for (const [path, text] of files) {
    const present = await readText(join(folder, path));
    if (present === undefined) added.push(path);
    else if (present !== text) changed.push(path);
  }
  const removed: string[] = [];
  for (const api of ["v2", "v3"]) {
    for (const name of await listJson(join(folder, api))) {
      if (!files.has(`${api}/${name}`)) removed.push(`${api}/${name}`);
    }
  }
  return { added: added.sort(byCodeUnit), changed: changed.sort(byCodeUnit), removed: removed.sort(byCodeUnit) };
}

/**
 * Brings the folder to hold `files`. Unchanged files are not touched. Everything is written beside its place first and
 * then renamed, so that a full disk leaves the folder as it was.
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
  difference: FolderDifference,
): Promise<void> {
  const staged: (readonly [temporary: string, final: string])[] = [];
  try {
    for (const path of [...difference.added, ...difference.changed]) {
      const final = join(folder, path);
      const temporary = `${final}.${process.pid}.tmp`;
      makeFolder(dirname(final));
      staged.push([temporary, final]);
      await writeFile(temporary, files.get(path) ?? "");
    }
    for (const [temporary, final] of staged) await rename(temporary, final);
    for (const path of difference.removed) await rm(join(folder, path), { force: true });
  } catch (cause) {
    await Promise.all(staged.map(([temporary]) => rm(temporary, { force: true })));
    throw new WriteError(`cannot be written: ${(cause as Error).message}`, { file: folder }, { cause });
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

async function listJson(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => name.endsWith(".json"));
}
