import { parseArgs } from "node:util";
import { nearestName } from "@ghl-edge/core";
import { DEFAULT_APP } from "../../core/options/defaults.ts";
import { WINDOW_MODELS } from "../../limits/windows.ts";
import { UsageError } from "./usage-error.ts";

interface Flag {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** Placeholder of the value in the help. Absent: the flag takes none. */
  readonly value?: string;
  readonly help: string;
}

/** Every flag, in the order of the help. */
export const FLAGS = {
  config: {
    type: "string",
    value: "file",
    help: "default ghl-emulator.config.json, .ts, .mts, .mjs or .js, if there is one; flags win over it",
  },
  port: { type: "string", value: "number", help: "default 4010; 0: any free port" },
  host: { type: "string", value: "address", help: "default 127.0.0.1" },
  seed: { type: "string", value: "text", help: "same seed, same ids, tokens and answers" },
  records: {
    type: "string",
    value: "off|small|n",
    help: "contacts in each location from the start, with what belongs to them; default small",
  },
  locations: {
    type: "string",
    value: "n|id,id",
    help: "how many locations the company has, or their ids; default 2",
  },
  "client-id": { type: "string", value: "id", help: `of the first app; default ${DEFAULT_APP.clientId}` },
  "client-secret": { type: "string", value: "secret", help: `of the first app; default ${DEFAULT_APP.clientSecret}` },
  app: { type: "string", multiple: true, value: "id:secret", help: "one more app; may be repeated" },
  "webhook-url": { type: "string", value: "url", help: "where webhooks of changes go, of every app" },
  grace: { type: "string", value: "seconds", help: "how long a used refresh token still answers; default 30" },
  strict: { type: "boolean", help: "refuse what breaches the document, and ids nobody has created" },
  limit: { type: "string", value: "name", help: "standard (default) or sandbox" },
  window: { type: "string", value: "model", help: Object.keys(WINDOW_MODELS).join(", ") },
  "no-controls": { type: "boolean", help: "without /__emulator" },
  version: { type: "boolean", help: "print the version" },
  help: { type: "boolean", short: "h", help: "print this help" },
} as const satisfies Readonly<Record<string, Flag>>;

type FlagName = keyof typeof FLAGS;

/** Values by the names of the flags. */
export type Arguments = {
  readonly [Name in FlagName]?: (typeof FLAGS)[Name] extends { multiple: true }
    ? readonly string[]
    : (typeof FLAGS)[Name]["type"] extends "boolean"
      ? boolean
      : string;
};

function usageOf(name: FlagName): string {
  const flag: Flag = FLAGS[name];
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  return `${short}--${name}${flag.value === undefined ? "" : ` <${flag.value}>`}`;
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = (Object.keys(FLAGS) as FlagName[]).map((name) => [usageOf(name), FLAGS[name].help] as const);
  const width = Math.max(...rows.map(([usage]) => usage.length)) + 2;
  return `ghl-emulator: a local HighLevel (unofficial)

Usage
  ghl-emulator [options]

Options
${rows.map(([usage, help]) => `  ${usage.padEnd(width)}${help}`).join("\n")}

Examples
  ghl-emulator --locations 5 --webhook-url http://127.0.0.1:8787/webhooks
      five locations; every change of a record is posted to your app
  ghl-emulator --port 0 --seed my-test --records off --strict
      for a test: any free port, nothing but what the test creates, HighLevel's refusals

Exit codes
  0  stopped by Ctrl+C or SIGTERM, or printed what was requested
  2  the command line, the config file or the port could not be used
`;
}

/**
 * Reads the command line. Node's own strict mode is off: it names no nearest flag, and drops a flag that was given twice.
 *
 * @throws UsageError that names the flag and what would be right
 */
export function readArguments(args: readonly string[]): Arguments {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: FLAGS as Readonly<Record<string, Flag>>,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") throw new UsageError(`unknown argument ${JSON.stringify(token.value)}`);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(FLAGS, name)) {
      const meant = nearestName(name, Object.keys(FLAGS));
      throw new UsageError(`unknown option ${rawName}${meant === undefined ? "" : `; did you mean --${meant}?`}`);
    }
    const flag: Flag = FLAGS[name as FlagName];
    if (flag.type === "boolean" && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    // An empty value is a variable that was not set; `--port --strict` has forgotten its value, `--grace -1` has a wrong one.
    const isForgotten = value === undefined || value === "" || (!inlineValue && /^-\D/.test(value));
    if (flag.type === "string" && isForgotten)
      throw new UsageError(
        `${rawName} must have a value: ${usageOf(name as FlagName)}, got ${JSON.stringify(value ?? "")}`,
      );
    if (seen.has(name) && flag.multiple !== true) throw new UsageError(`${rawName} must be given once`);
    seen.add(name);
  }
  return values as Arguments;
}
