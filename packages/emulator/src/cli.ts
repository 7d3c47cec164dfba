import manifest from "../package.json" with { type: "json" };
import { EmulatorConfigurationError } from "./core/options/configuration-error.ts";
import { createEmulator } from "./emulator.ts";
import { helpText, readArguments } from "./node/command/flags.ts";
import { merge } from "./node/command/merge.ts";
import { portAdvice } from "./node/command/port-advice.ts";
import { startText } from "./node/command/start-text.ts";
import { UsageError } from "./node/command/usage-error.ts";
import { loadConfig } from "./node/config-file.ts";
import { serve } from "./node/server.ts";

/** Exit code of a usage error, the same as ghl-codegen's. Its code 1, for findings, does not occur here. */
const TROUBLE = 2;

async function main(argv: readonly string[]): Promise<void> {
  const args = readArguments(argv);
  if (args.help) return void process.stdout.write(helpText());
  if (args.version) return void process.stdout.write(`${manifest.version}\n`);
  const found = await loadConfig(args.config === undefined ? {} : { file: args.config });
  const start = merge(args, found);
  const { options, port, hostname } = start;
  const emulator = createEmulator(options);
  const server = await serve(emulator, { port, hostname }).catch(async (error: unknown) => {
    const advice = await portAdvice(error, port, hostname);
    throw advice === undefined ? error : new UsageError(advice, { cause: error });
  });
  process.stdout.write(await startText(emulator, server.url, { options: start.options, configFile: found.file }));
  const stop = (): void => {
    server.close().catch(() => process.exit(TROUBLE));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  // Where the command line or the config is wrong, a stack says nothing; anything else is a mistake of ours, or of a config's code.
  const isExpected = error instanceof UsageError || error instanceof EmulatorConfigurationError;
  const help = error instanceof UsageError ? "\n  ghl-emulator --help lists the options" : "";
  process.stderr.write(
    `ghl-emulator: ${isExpected ? message : error instanceof Error ? (error.stack ?? message) : message}${help}\n`,
  );
  process.exitCode = TROUBLE;
});
