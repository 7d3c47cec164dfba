import { parseArgs } from "node:util";
import type { CheckedConfig } from "./core/config.ts";
import { DEFAULT_APP, DEFAULT_COMPANY } from "./core/defaults.ts";
import type { EmulatedApp, EmulatorOptions } from "./core/emulator-options.ts";
import { createEmulator } from "./emulator.ts";
import { type EmulatedRateLimit, readRateLimit } from "./limits/rate-limit.ts";
import { WINDOW_MODELS, type WindowModel } from "./limits/windows.ts";
import { loadConfig } from "./node/config-file.ts";
import { serve } from "./node/server.ts";
import { MAX_SEEDED_CONTACTS, type SeedRecords } from "./seed/seeded-contacts.ts";

const HELP = `ghl-emulator: a local HighLevel (unofficial)

  --config <file>           default ghl-emulator.config.json, .ts, .mts, .mjs or .js, if there is one; flags win over it
  --port <number>           default 4010; 0: any free port
  --host <address>          default 127.0.0.1
  --seed <text>             same seed, same ids, tokens and answers
  --records <off|small|n>   contacts in each location from the start, with what belongs to them; default small
  --grace <seconds>         how long a used refresh token still answers; default 30
  --strict                  refuse what breaches the document, and ids nobody has created
  --limit <name>            standard (default) or sandbox
  --window <model>          ${Object.keys(WINDOW_MODELS).join(", ")}
  --no-controls             without /__emulator
  --client-id <id>          default ${DEFAULT_APP.clientId}
  --client-secret <secret>  default ${DEFAULT_APP.clientSecret}
  --help
`;

function wholeNumber(name: string, text: string, most: number): number {
  // digits alone: Number() would take "1e3", "0x10" and " 5 " as well
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most))
    throw new TypeError(`--${name} takes a whole number up to ${most}, not ${JSON.stringify(text)}`);
  return value;
}

/** An empty value is a variable that was not set. */
function notEmpty(values: Readonly<Record<string, string | boolean | undefined>>): void {
  for (const [name, value] of Object.entries(values))
    if (value === "") throw new TypeError(`--${name} takes a value, not an empty text`);
}

function readRecords(text: string): SeedRecords {
  return text === "off" || text === "small" ? text : wholeNumber("records", text, MAX_SEEDED_CONTACTS);
}

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      seed: { type: "string" },
      records: { type: "string" },
      grace: { type: "string" },
      strict: { type: "boolean", default: false },
      limit: { type: "string" },
      window: { type: "string" },
      "no-controls": { type: "boolean", default: false },
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  notEmpty(values);
  return values;
}

type Arguments = ReturnType<typeof readArguments>;

/** The credentials of the flags are those of the first app. */
function readApps(args: Arguments, apps: readonly EmulatedApp[] = [DEFAULT_APP]): readonly EmulatedApp[] {
  const [first = DEFAULT_APP, ...others] = apps;
  const { "client-id": clientId = first.clientId, "client-secret": clientSecret = first.clientSecret } = args;
  return [{ ...first, clientId, clientSecret }, ...others];
}

function readLimit(args: Arguments, given: EmulatorOptions["rateLimit"]): EmulatedRateLimit {
  const limit = readRateLimit(args.limit ?? given ?? "standard");
  return args.window === undefined ? limit : { ...limit, window: args.window as WindowModel };
}

/** What a flag says wins over the config file, and that over the defaults. */
function merged(args: Arguments, { options, listen }: CheckedConfig) {
  const merged: EmulatorOptions = {
    // Whoever starts the command wants to see something.
    seedRecords: "small",
    ...options,
    ...(args.seed === undefined ? {} : { seed: args.seed }),
    ...(args.records === undefined ? {} : { seedRecords: readRecords(args.records) }),
    ...(args.grace === undefined ? {} : { refreshGraceMs: wholeNumber("grace", args.grace, 31_536_000) * 1000 }),
    ...(args.strict ? { checks: "strict" } : {}),
    ...(args["no-controls"] ? { controls: false } : {}),
    rateLimit: readLimit(args, options.rateLimit),
    apps: readApps(args, options.apps),
  };
  const port = args.port === undefined ? (listen.port ?? 4010) : wholeNumber("port", args.port, 65_535);
  return { options: merged, port, hostname: args.host ?? listen.hostname ?? "127.0.0.1" };
}

async function main(argv: readonly string[]): Promise<void> {
  const args = readArguments(argv);
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  const found = await loadConfig(args.config === undefined ? {} : { file: args.config });
  const { options, port, hostname } = merged(args, found);
  const emulator = createEmulator(options);
  const server = await serve(emulator, { port, hostname });
  const { apps = [DEFAULT_APP], company = DEFAULT_COMPANY } = options;
  const app = apps[0] ?? DEFAULT_APP;
  process.stdout.write(
    [
      `Emulated HighLevel at ${server.url}`,
      ...(found.file === undefined ? [] : [`  config           ${found.file}`]),
      `  authorize page   ${server.url}/oauth/chooselocation?response_type=code&client_id=${app.clientId}&redirect_uri=…&scope=…`,
      `  token endpoint   ${server.url}/oauth/token`,
      `  client id        ${app.clientId}`,
      `  client secret    ${app.clientSecret}`,
      `  company          ${company.id}`,
      `  locations        ${company.locations.map((location) => location.id).join(" ")}`,
      `  webhook key      ${await emulator.publicKey()}`,
      ...apps.flatMap(({ webhookUrl }) => (webhookUrl === undefined ? [] : [`  webhooks to      ${webhookUrl}`])),
      ...(options.controls === false ? [] : [`  what it has seen ${server.url}/__emulator`]),
      "Stop with Ctrl+C.",
      "",
    ].join("\n"),
  );
  const stop = (): void => {
    server.close().catch(() => process.exit(1));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`ghl-emulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
