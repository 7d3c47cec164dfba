import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UnreadableFileError } from "../../errors.ts";
import { readTarball } from "../../input/load/source/tarball.ts";
import { byCodeUnit } from "../../json/json.ts";
import { readRevision } from "./git.ts";
import { withReferenced } from "./referenced.ts";
import { isCandidate, type SpecFiles } from "./spec-files.ts";

/** Opens a file, a folder, an archive, or a git revision: `rev:path`, or `rev` for its `openapi` folder. */
export async function openSpecFiles(name: string, cwd: string): Promise<SpecFiles> {
  const path = resolve(cwd, name);
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) {
    const revision = await readRevision(name, cwd);
    if (revision !== undefined) return revision;
    throw new UnreadableFileError("file, folder or git revision not found", { file: name });
  }
  if (kind.isDirectory()) return { label: name, files: await readFolder(path), only: undefined };
  if (/\.(?:tar\.gz|tgz)$/.test(path)) return { label: name, files: (await readTarball(path)).files, only: undefined };
  const folder = dirname(path);
  const read = (file: string) => readFile(resolve(folder, file)).catch(() => undefined);
  const own = basename(path);
  return { label: name, files: await withReferenced(own, await readBytes(path), read), only: own };
}

/** Deeper than any layout of documents, shallower than a mistaken folder. */
const MAX_DEPTH = 8;

async function readFolder(folder: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const read = async (current: string, left: number): Promise<void> => {
    const entries = await readdir(current, { withFileTypes: true }).catch((cause: unknown) => {
      throw new UnreadableFileError("cannot be read", { file: current }, { cause });
    });
    for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
      const path = join(current, entry.name);
      const inside = relative(folder, path).replaceAll("\\", "/");
      if (entry.isDirectory()) {
        if (left > 0 && !/^(?:node_modules|\.git|overlays)$/.test(entry.name)) await read(path, left - 1);
      } else if (entry.isFile() && isCandidate(inside)) found.set(inside, await readBytes(path));
    }
  };
  await read(folder, MAX_DEPTH);
  return found;
}

function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  });
}
