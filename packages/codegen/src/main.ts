import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import type { Command, CommandIo } from "./command.ts";
import { CodegenError, errorToJson, formatError, UsageError } from "./errors.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Commands are loaded when they run: `sync` does not pay for the TypeScript compiler that `generate` needs. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  sync: {
    summary: "read HighLevel's OpenAPI documents, repair and distil them into a folder",
    load: async () => (await import("./commands/sync.ts")).syncCommand,
  },
  lint: {
    summary: "list what is wrong in HighLevel's OpenAPI documents",
    load: async () => (await import("./commands/lint.ts")).lintCommand,
  },
  diff: {
    summary: "tell what changed between two sets of documents, for whom, and how to release it",
    load: async () => (await import("./commands/diff.ts")).diffCommand,
  },
  generate: {
    summary: "write typed clients, metadata and webhook types from distilled documents",
    load: async () => (await import("./commands/generate.ts")).generateCommand,
  },
  scopes: {
    summary: "tell which scopes and token kinds operations, modules or an app's sources need",
    load: async () => (await import("./commands/scopes.ts")).scopesCommand,
  },
};

/** As of `diff` and `grep`: CI must tell a finding from a failure. */
export const EXIT = { done: 0, found: 1, trouble: 2 } as const;

const HELP = `ghl-codegen: typed clients and webhook types from HighLevel's OpenAPI documents

Usage: ghl-codegen <command> [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

ghl-codegen <command> --help tells its options, ghl-codegen --version the version. Every command knows --json.
Exit codes: ${EXIT.done} done, ${EXIT.found} done, and found what you asked to be told of (--check, --fail-on, --strict), ${EXIT.trouble} it could not be done.
`;

/** Runs one command line and returns the exit code. Writes to `io` only; errors of this package never escape. */
export async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    if (argv.includes("--json")) io.out(`${JSON.stringify(errorToJson(error), null, 2)}\n`);
    else io.err(`${formatError(error)}\n`);
    return EXIT.trouble;
  }
}

async function dispatch([name, ...rest]: readonly string[], io: CommandIo): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.out(HELP);
    return name === undefined ? EXIT.trouble : EXIT.done;
  }
  if (name === "--version") {
    io.out(`${manifest.version}\n`);
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) throw new UsageError(`no command ${name}; ghl-codegen --help lists them`);
  const command = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(command.help);
    return 0;
  }
  const { values, positionals } = parse(name, command, rest);
  return command.run(values, io, positionals);
}

function parse(name: string, command: Command, args: readonly string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: command.options,
      allowPositionals: command.allowPositionals ?? false,
      strict: true,
      tokens: true,
    });
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== "option" || command.options[token.name]?.multiple) continue;
      // parseArgs would take the last one and drop the others without a word
      if (seen.has(token.name)) throw new TypeError(`--${token.name} must be given once`);
      seen.add(token.name);
    }
    return { values, positionals };
  } catch (cause) {
    const message = `${(cause as Error).message}\n  ghl-codegen ${name} --help tells the options`;
    throw new UsageError(message, {}, { cause });
  }
}
