import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnreadableFileError } from "../../../errors.ts";
import { byCodeUnit } from "../../../json/json.ts";
import { isSpecPath, type Source } from "./source.ts";

/** Reads a checkout of the upstream repository, or any folder with its `apps/` and `common/`. */
export async function readFolder(folder: string): Promise<Source> {
  const paths: string[] = [];
  for (const top of ["apps", "common"]) {
    for (const path of await listFiles(folder, top)) if (isSpecPath(path)) paths.push(path);
  }
  paths.sort(byCodeUnit);
  const contents = await Promise.all(paths.map((path) => readBytes(join(folder, path))));
  return {
    label: folder,
    files: new Map(paths.map((path, index) => [path, contents[index] as Uint8Array])),
    origin: {},
  };
}

async function listFiles(folder: string, below: string): Promise<string[]> {
  try {
    const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
    const prefix = join(folder, below).length;
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => below + join(entry.parentPath, entry.name).slice(prefix).replaceAll("\\", "/"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT" && below !== "apps") return [];
    throw new UnreadableFileError("folder not found, or not readable", { file: join(folder, below) }, { cause });
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  }
}
