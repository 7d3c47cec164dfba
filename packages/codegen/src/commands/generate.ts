import { basename, dirname, resolve } from "node:path";
import { type Command, type CommandIo, type FlagValues, textFlag } from "../command.ts";
import { UsageError } from "../errors.ts";
import { type Cache, defaultCacheFolder, NO_CACHE, openCache } from "../generate/cache.ts";
import { digest } from "../generate/digest.ts";
import { fingerprint } from "../generate/fingerprint.ts";
import { createProgress } from "../generate/progress.ts";
import { type RunResult, runUnits } from "../generate/run.ts";
import { singleFileUnit } from "../generate/single-file.ts";
import type { Unit } from "../generate/unit.ts";
import { watchFolder } from "../generate/watch.ts";
import { TARGETS, workspaceUnits } from "../generate/workspace.ts";

const HELP = `ghl-codegen generate: typed clients, metadata and webhook types from OpenAPI documents

Usage:
  ghl-codegen generate [--check | --watch]                   every module, in a checkout of ghl-edge
  ghl-codegen generate --input <file> --out <folder>         one OpenAPI 3.x file, JSON or YAML

Options:
  --check              write nothing; exit 1 and list what is missing, stale or left over
  --watch              generate again whenever a document changes, until interrupted
  --input <file>       the document
  --out <folder>       where its two files go
  --name <name>        name of its module; default: the file's name
  --root <folder>      root of the checkout; default: the current folder
  --openapi <folder>   folder of distilled documents, relative to the root; default: openapi
  --cache-dir <folder> default: node_modules/.cache/ghl-edge-codegen of the root
  --no-cache           generate everything
  --json               the result as JSON
`;

export const generateCommand: Command = {
  help: HELP,
  options: {
    check: { type: "boolean" },
    watch: { type: "boolean" },
    input: { type: "string" },
    out: { type: "string" },
    name: { type: "string" },
    root: { type: "string" },
    openapi: { type: "string" },
    "cache-dir": { type: "string" },
    "no-cache": { type: "boolean" },
    json: { type: "boolean" },
  },
  run: async (flags, io) => {
    const job = readJob(flags, io);
    if (flags.watch === true) return watch(job, flags, io);
    return report(await runJob(job, flags, io), flags, io);
  },
};

/** What to generate: asked again for every run, so that a watch sees documents come and go. */
interface Job {
  readonly root: string;
  readonly units: () => Promise<Unit[]>;
  readonly targets: readonly string[];
  /** What a watch listens to: a folder, or one file in it. */
  readonly source: { readonly folder: string; readonly file?: string };
  readonly cacheFolder: string | undefined;
  readonly options: string;
}

function readJob(flags: FlagValues, io: CommandIo): Job {
  const input = textFlag(flags, "input");
  const out = textFlag(flags, "out");
  if ((input === undefined) !== (out === undefined)) throw new UsageError("--input and --out go together");
  if (flags.check === true && flags.watch === true) throw new UsageError("--check and --watch exclude each other");
  const base = resolve(io.cwd, textFlag(flags, "root") ?? ".");
  const cacheDir = textFlag(flags, "cache-dir");
  const cacheFolder =
    flags["no-cache"] === true
      ? undefined
      : cacheDir === undefined
        ? defaultCacheFolder(base)
        : resolve(io.cwd, cacheDir);
  if (input !== undefined && out !== undefined) {
    const root = resolve(base, out);
    const file = resolve(base, input);
    const name = textFlag(flags, "name");
    const units = async () => [await singleFileUnit(file, name)];
    // a cache of one checkout may serve several single files: the folder is part of the key
    return {
      root,
      units,
      targets: [],
      source: { folder: dirname(file), file: basename(file) },
      cacheFolder,
      options: digest(root),
    };
  }
  if (textFlag(flags, "name") !== undefined) throw new UsageError("--name belongs to --input");
  const openapi = textFlag(flags, "openapi") ?? "openapi";
  const units = async () => workspaceUnits(base, openapi);
  return {
    root: base,
    units,
    targets: TARGETS,
    source: { folder: resolve(base, openapi) },
    cacheFolder,
    options: openapi,
  };
}

async function runJob(job: Job, flags: FlagValues, io: CommandIo): Promise<RunResult> {
  const units = await job.units();
  const cache: Cache = job.cacheFolder === undefined ? NO_CACHE : openCache(job.cacheFolder);
  const progress = createProgress(io, units.length);
  try {
    return await runUnits({
      root: job.root,
      units,
      targets: job.targets,
      fingerprint: digest(fingerprint(), job.options),
      cache,
      check: flags.check === true,
      onUnit: (unit, index) => progress.step(index, unit.name),
    });
  } finally {
    progress.end();
  }
}

function report(result: RunResult, flags: FlagValues, io: CommandIo): number {
  const { missing, stale, extra, unchanged } = result;
  const differing = missing.length + stale.length + extra.length;
  if (flags.json === true) io.out(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const words = flags.check === true ? ["missing", "stale", "extra"] : ["wrote", "wrote", "removed"];
    const lists = [missing, stale, extra];
    lists.forEach((list, index) => {
      for (const path of list) io.out(`${words[index]} ${path}\n`);
    });
    const summary = differing === 0 ? "up to date" : `${differing} ${flags.check === true ? "out of date" : "changed"}`;
    io.out(`${summary}, ${unchanged} unchanged\n`);
  }
  return flags.check === true && differing > 0 ? 1 : 0;
}

async function watch(job: Job, flags: FlagValues, io: CommandIo): Promise<number> {
  report(await runJob(job, flags, io), flags, io);
  const { folder, file } = job.source;
  io.err(`watching ${file ?? folder}\n`);
  const again = async () => void report(await runJob(job, flags, io), flags, io);
  await watchFolder(folder, again, io, file).closed;
  return 0;
}
