import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UnreadableFileError } from "../../errors.ts";
import { byCodeUnit } from "../../json.ts";
import { readTarball } from "../../load/tarball.ts";
import { readRevision } from "./git.ts";

/** The files of one side of a comparison. */
export interface SpecFiles {
  /** What the user named. */
  readonly label: string;
  /** Content by path, with `/`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The one document asked for; undefined: all of them. The other files are there to be referred to. */
  readonly only: string | undefined;
}

/** Files that may hold a document. Overlays and the lock are ours and hold none. */
export function isCandidate(path: string): boolean {
  return (
    /\.(?:json|ya?ml)$/i.test(path) &&
    !/(?:^|\/)(?:overlays|node_modules|\.git)\//.test(path) &&
    !path.endsWith("sources.lock.json")
  );
}

/** Opens a file, a folder, an archive, or a git revision: `rev:path`, or `rev` for its `openapi` folder. */
export async function openSpecFiles(name: string, cwd: string): Promise<SpecFiles> {
  const path = resolve(cwd, name);
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) {
    const revision = await readRevision(name, cwd);
    if (revision !== undefined) return revision;
    throw new UnreadableFileError("no such file or folder, and no git revision either", { file: name });
  }
  if (kind.isDirectory()) return { label: name, files: await readFolder(path), only: undefined };
  if (/\.(?:tar\.gz|tgz)$/.test(path)) return { label: name, files: (await readTarball(path)).files, only: undefined };
  // what a file refers to lies beside it, or in a folder beside its own
  const folder = dirname(path);
  const own = new Map([[basename(path), await readBytes(path)]]);
  for (const [other, bytes] of await readFolder(folder, 1)) if (!own.has(other)) own.set(other, bytes);
  for (const beside of ["../common", "common"]) {
    const files = await readFolder(join(folder, beside), 0).catch(() => undefined);
    for (const [other, bytes] of files ?? []) own.set(`${beside}/${other}`, bytes);
  }
  return { label: name, files: own, only: basename(path) };
}

async function readFolder(folder: string, depth = 8): Promise<Map<string, Uint8Array>> {
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
  await read(folder, depth);
  return found;
}

function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  });
}
