import { join } from "node:path";
import { NameClashError } from "../../errors.ts";
import type { GeneratedFile } from "../emit/file.ts";
import type { Cache, Outputs } from "./cache.ts";
import { digest } from "./digest.ts";
import { generatedFilesIn, readIfThere } from "./target-folder.ts";
import type { Unit } from "./unit.ts";
import { writeAll } from "./writer.ts";

export interface RunOptions {
  readonly root: string;
  readonly units: readonly Unit[];
  /** Folders, relative to the root, in which nothing else of this generator's may stand. */
  readonly targets: readonly string[];
  /** Source, or its beginning, that the mark of such files must name. Default: any source. */
  readonly source?: string | undefined;
  /** Digest of generator and options. */
  readonly fingerprint: string;
  readonly cache: Cache;
  /** Compare only, write nothing. */
  readonly check: boolean;
  readonly onUnit?: (unit: Unit, index: number) => void;
}

/** Paths relative to the root. With `check`, what a run without it would do. */
export interface RunResult {
  /** Generated files that are not there. */
  readonly missing: readonly string[];
  /** Generated files that differ. */
  readonly stale: readonly string[];
  /** Files of an earlier run that nothing generates any more. */
  readonly extra: readonly string[];
  readonly unchanged: number;
}

/** Brings the files of all units up to date. Everything is generated before the first byte is written. */
export async function runUnits(options: RunOptions): Promise<RunResult> {
  const { root, cache } = options;
  const owners = new Map<string, string>();
  const write: GeneratedFile[] = [];
  const missing: string[] = [];
  const stale: string[] = [];
  const keys: [string, Outputs][] = [];
  for (const [index, unit] of options.units.entries()) {
    const key = digest(options.fingerprint, unit.name, unit.digest);
    const known = cache.get(key);
    const state = known === undefined ? undefined : compare(root, known);
    // a check knows from the digests alone which files differ; a write needs the texts
    const fresh = state !== undefined && (options.check || state.missing.length + state.stale.length === 0);
    let outputs = known;
    let found = state;
    if (!fresh || outputs === undefined || found === undefined) {
      options.onUnit?.(unit, index);
      const files = await unit.emit();
      outputs = Object.fromEntries(files.map(({ path, text }) => [path, digest(text)]));
      found = compare(root, outputs);
      const due = new Set([...found.missing, ...found.stale]);
      write.push(...files.filter(({ path }) => due.has(path)));
      keys.push([key, outputs]);
    }
    for (const path of Object.keys(outputs)) claim(owners, path, unit.name);
    missing.push(...found.missing);
    stale.push(...found.stale);
  }
  const extra = options.targets
    .flatMap((folder) => generatedFilesIn(root, folder, options.source ?? ""))
    .filter((path) => !owners.has(path));
  if (!options.check) writeAll(root, write, extra);
  for (const [key, outputs] of keys) cache.set(key, outputs);
  cache.save();
  return { missing, stale, extra, unchanged: owners.size - missing.length - stale.length };
}

function compare(root: string, outputs: Outputs): { missing: string[]; stale: string[] } {
  const missing: string[] = [];
  const stale: string[] = [];
  for (const [path, expected] of Object.entries(outputs)) {
    const bytes = readIfThere(join(root, path));
    if (bytes === undefined) missing.push(path);
    else if (digest(bytes) !== expected) stale.push(path);
  }
  return { missing, stale };
}

function claim(owners: Map<string, string>, path: string, unit: string): void {
  const other = owners.get(path);
  if (other !== undefined) throw new NameClashError(`${other} and ${unit} both generate this file`, { file: path });
  owners.set(path, unit);
}
