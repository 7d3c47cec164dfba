import { parseArgs } from "node:util";
import { DEFAULT_APP, DEFAULT_COMPANY } from "./core/defaults.ts";
import type { EmulatorOptions } from "./core/options.ts";
import { createEmulator } from "./emulator.ts";
import { readRateLimit } from "./limits/rate-limit.ts";
import { WINDOW_MODELS, type WindowModel } from "./limits/windows.ts";
import { serve } from "./node/server.ts";

const HELP = `ghl-emulator: a local HighLevel (unofficial)

  --port <number>           default 4010; 0: any free port
  --host <address>          default 127.0.0.1
  --seed <text>             same seed, same ids, tokens and answers
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

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "4010" },
      host: { type: "string", default: "127.0.0.1" },
      seed: { type: "string" },
      grace: { type: "string", default: "30" },
      strict: { type: "boolean", default: false },
      limit: { type: "string", default: "standard" },
      window: { type: "string" },
      "no-controls": { type: "boolean", default: false },
      "client-id": { type: "string", default: DEFAULT_APP.clientId },
      "client-secret": { type: "string", default: DEFAULT_APP.clientSecret },
      help: { type: "boolean", default: false },
    },
  });
  notEmpty(values);
  const options: EmulatorOptions = {
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    refreshGraceMs: wholeNumber("grace", values.grace, 31_536_000) * 1000,
    checks: values.strict ? "strict" : "lenient",
    controls: !values["no-controls"],
    rateLimit: {
      ...readRateLimit(values.limit),
      ...(values.window === undefined ? {} : { window: values.window as WindowModel }),
    },
    apps: [{ clientId: values["client-id"], clientSecret: values["client-secret"] }],
  };
  return { options, port: wholeNumber("port", values.port, 65_535), hostname: values.host, help: values.help };
}

async function main(args: readonly string[]): Promise<void> {
  const { options, port, hostname, help } = readArguments(args);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const emulator = createEmulator(options);
  const server = await serve(emulator, { port, hostname });
  const app = options.apps?.[0] ?? DEFAULT_APP;
  process.stdout.write(
    [
      `Emulated HighLevel at ${server.url}`,
      `  authorize page   ${server.url}/oauth/chooselocation?response_type=code&client_id=${app.clientId}&redirect_uri=…&scope=…`,
      `  token endpoint   ${server.url}/oauth/token`,
      `  client id        ${app.clientId}`,
      `  client secret    ${app.clientSecret}`,
      `  company          ${DEFAULT_COMPANY.id}`,
      `  locations        ${DEFAULT_COMPANY.locations.map((location) => location.id).join(" ")}`,
      `  webhook key      ${await emulator.publicKey()}`,
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
