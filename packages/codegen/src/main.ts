import { didYouMean } from "@ghl-edge/core";
import manifest from "../package.json" with { type: "json" };
import { type Command, type CommandIo, EXIT } from "./commands/command.ts";
import { commandHelp, overview } from "./commands/usage/help.ts";
import { parseCommandLine } from "./commands/usage/parse.ts";
import { CodegenError, errorToJson, formatError, UsageError } from "./errors.ts";

/** Commands are loaded when they run: `sync` does not pay for the TypeScript compiler that `generate` needs. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  sync: async () => (await import("./commands/sync.ts")).syncCommand,
  lint: async () => (await import("./commands/lint.ts")).lintCommand,
  diff: async () => (await import("./commands/diff.ts")).diffCommand,
  generate: async () => (await import("./commands/generate.ts")).generateCommand,
  scopes: async () => (await import("./commands/scopes.ts")).scopesCommand,
  observe: async () => (await import("./commands/observe.ts")).observeCommand,
  find: async () => (await import("./commands/find.ts")).findCommand,
};

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
  if (name === undefined) {
    io.err(await help());
    return EXIT.trouble;
  }
  if (name === "--version") {
    io.out(`${manifest.version}\n`);
    return EXIT.done;
  }
  if (name === "help" || name === "--help" || name === "-h") {
    io.out(rest[0] === undefined ? await help() : commandHelp(await loadCommand(rest[0])));
    return EXIT.done;
  }
  const command = await loadCommand(name);
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(commandHelp(command));
    return EXIT.done;
  }
  const { flags, positionals } = parseCommandLine(command, rest);
  return command.run(flags, io, positionals);
}

async function help(): Promise<string> {
  return overview(await Promise.all(Object.values(COMMANDS).map((load) => load())));
}

async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return load();
  const near = didYouMean(name, Object.keys(COMMANDS));
  throw new UsageError(
    `unknown ${name.startsWith("-") ? "option" : "command"} ${name}${near}\n  ghl-codegen --help lists the commands`,
  );
}
