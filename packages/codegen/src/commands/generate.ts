import { basename, dirname, resolve } from "node:path";
import { type Command, type CommandIo, type FlagValues, textFlag } from "../command.ts";
import { formatError, UnsupportedError, UsageError } from "../errors.ts";
import { defaultCacheFolder } from "../generate/cache.ts";
import { type GenerateInput, type GenerateResult, generate } from "../generate/generate.ts";
import { createProgress } from "../generate/progress.ts";
import { watchFolder } from "../generate/watch.ts";
import { isAddress } from "../load/location.ts";

const HELP = `ghl-codegen generate: typed clients, metadata and webhook types from OpenAPI documents

Usage:
  ghl-codegen generate [--check | --watch]                   every module, in a checkout of ghl-edge
  ghl-codegen generate --input <file> --out <folder>         one OpenAPI 3.x document, JSON or YAML

Options:
  --check              write nothing; exit 1 and list what is missing, stale or left over
  --watch              generate again whenever a document changes, until interrupted
  --input <file>       the document: a file, or an address with http: or https:
  --out <folder>       where its two files go
  --skip-unsupported   leave out what generated code could not serve, and list it; default: refuse the document
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
    "skip-unsupported": { type: "boolean" },
    root: { type: "string" },
    openapi: { type: "string" },
    "cache-dir": { type: "string" },
    "no-cache": { type: "boolean" },
    json: { type: "boolean" },
  },
  run: async (flags, io) => {
    if (flags.check === true && flags.watch === true) throw new UsageError("--check and --watch exclude each other");
    const input = readInput(flags, io);
    return flags.watch === true ? watch(input, flags, io) : run(input, flags, io);
  },
};

function readInput(flags: FlagValues, io: CommandIo): GenerateInput {
  const file = textFlag(flags, "input");
  const out = textFlag(flags, "out");
  const name = textFlag(flags, "name");
  const base = baseFolder(flags, io);
  const skipUnsupported = flags["skip-unsupported"] === true;
  if (file !== undefined && out !== undefined) {
    if (flags.watch === true && isAddress(file)) throw new UsageError("--watch needs a file, not an address");
    return { file: isAddress(file) ? file : resolve(base, file), out: resolve(base, out), name, skipUnsupported };
  }
  if (file !== undefined || out !== undefined) throw new UsageError("--input and --out go together");
  if (name !== undefined) throw new UsageError("--name belongs to --input");
  if (skipUnsupported) throw new UsageError("--skip-unsupported belongs to --input");
  return { root: base, openapi: textFlag(flags, "openapi") };
}

function baseFolder(flags: FlagValues, io: CommandIo): string {
  return resolve(io.cwd, textFlag(flags, "root") ?? ".");
}

async function run(input: GenerateInput, flags: FlagValues, io: CommandIo): Promise<number> {
  const cacheDir = textFlag(flags, "cache-dir");
  const cacheFolder = cacheDir === undefined ? defaultCacheFolder(baseFolder(flags, io)) : resolve(io.cwd, cacheDir);
  const progress = createProgress(io);
  try {
    const result = await generate(input, {
      check: flags.check === true,
      cacheFolder: flags["no-cache"] === true ? false : cacheFolder,
      onProgress: progress.step,
    });
    progress.end();
    return report(result, flags, io);
  } finally {
    progress.end();
  }
}

function report(result: GenerateResult, flags: FlagValues, io: CommandIo): number {
  const { missing, stale, extra, unchanged } = result;
  const differing = missing.length + stale.length + extra.length;
  const file = textFlag(flags, "input") ?? "";
  for (const { pointer, message } of result.skipped) {
    io.err(`left out: ${formatError(new UnsupportedError([{ pointer, message }], file))}\n`);
  }
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

async function watch(input: GenerateInput, flags: FlagValues, io: CommandIo): Promise<number> {
  await run(input, flags, io);
  const place =
    "file" in input
      ? { folder: dirname(input.file), file: basename(input.file) }
      : { folder: resolve(input.root, input.openapi ?? "openapi"), file: undefined };
  io.err(`watching ${place.file ?? place.folder}\n`);
  const again = async () => void (await run(input, flags, io));
  await watchFolder(place.folder, again, io, place.file).closed;
  return 0;
}
