import { basename, dirname, resolve } from "node:path";
import { formatError, UnsupportedError, UsageError } from "../errors.ts";
import { defaultCacheFolder } from "../output/generate/cache.ts";
import { type GenerateResult, generate } from "../output/generate/generate.ts";
import { type Command, type CommandIo, EXIT, type FlagValues, textFlag } from "./command.ts";
import { type Assignment, readAssignment } from "./generate-input.ts";
import { createProgress, SILENT } from "./progress.ts";
import { watchFolder } from "./watch.ts";

export const generateCommand: Command = {
  name: "generate",
  summary: "write typed clients and webhook types from OpenAPI documents",
  usage: [
    "--input <file or URL> --out <folder>   one OpenAPI 3 document",
    "[--check | --watch]                    HighLevel's modules, as ghl-codegen.config.ts says",
    "--client <folder> [options]            the same without a configuration file",
  ],
  options: {
    input: { type: "string", value: "file or URL", help: "one OpenAPI 3 document, JSON or YAML" },
    out: { type: "string", value: "folder", help: "where its two files go" },
    name: { type: "string", value: "name", help: "name of its module; default: the file's name" },
    "skip-unsupported": {
      type: "boolean",
      help: "leave out what generated code could not serve, and list it; default: refuse the document",
    },
    config: {
      type: "string",
      value: "file",
      help: "default: the nearest ghl-codegen.config.ts (.mts, .js, .mjs), here or above",
    },
    client: { type: "string", value: "folder", help: "target: typed modules; instead of the configuration's targets" },
    webhooks: { type: "string", value: "folder", help: "target: types and samples of webhook events" },
    emulator: { type: "string", value: "folder", help: "target: what a server must know to answer" },
    operations: { type: "string", value: "file", help: "target: a Markdown table of all operations" },
    openapi: { type: "string", value: "folder", help: "distilled documents, as sync writes them; default: openapi" },
    check: { type: "boolean", help: "write nothing; exit 1 and list what is missing, stale or left over" },
    watch: { type: "boolean", help: "generate again whenever a document changes, until interrupted" },
    "cache-dir": {
      type: "string",
      value: "folder",
      help: "default: node_modules/.cache/ghl-edge-codegen beside the configuration",
    },
    "no-cache": { type: "boolean", help: "generate everything" },
    quiet: { type: "boolean", help: "show no progress" },
    json: { type: "boolean", help: "the result as JSON" },
  },
  examples: [
    ["generate --input petstore.yaml --out src/api", "a client of any API"],
    ["generate --client src/highlevel", "HighLevel's modules, after sync"],
    ["generate --check", "for CI: is what is committed current?"],
  ],
  found: "--check: a file is missing, stale or left over",
  run: async (flags, io) => {
    if (flags.check === true && flags.watch === true) throw new UsageError("--check and --watch exclude each other");
    const assignment = await readAssignment(flags, io);
    return flags.watch === true ? watch(assignment, flags, io) : run(assignment, flags, io);
  },
};

async function run({ input, root }: Assignment, flags: FlagValues, io: CommandIo): Promise<number> {
  const cacheDir = textFlag(flags, "cache-dir");
  const cacheFolder = cacheDir === undefined ? defaultCacheFolder(root) : resolve(io.cwd, cacheDir);
  const progress = flags.quiet === true ? SILENT : createProgress(io);
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
  return flags.check === true && differing > 0 ? EXIT.found : EXIT.done;
}

async function watch(assignment: Assignment, flags: FlagValues, io: CommandIo): Promise<number> {
  const { input } = assignment;
  await run(assignment, flags, io);
  const watched =
    "file" in input
      ? { folder: dirname(input.file), file: basename(input.file) }
      : { folder: resolve(input.root, input.openapi ?? "openapi"), file: undefined };
  io.err(`watching ${watched.file ?? watched.folder}\n`);
  const again = async () => void (await run(assignment, flags, io));
  await watchFolder(watched, again, io).closed;
  return EXIT.done;
}
