import { parseArgs } from "node:util";
import { nearestName } from "@ghl-edge/core";
import { UsageError } from "../../errors.ts";
import type { Command, FlagValues } from "../command.ts";

export interface CommandLine {
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command. Node's `parseArgs` does the reading; its own strict mode is off, because it names
 * neither the nearest flag nor what a value stands for, and drops a flag that was given twice without a word.
 *
 * @throws UsageError
 */
export function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  const { options } = command;
  const config = {
    args: [...args],
    options: { ...options },
    strict: false,
    allowPositionals: true,
    tokens: true,
  } as const;
  const { values, positionals, tokens } = parseArgs(config);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) fail(command, `unknown option ${rawName}${nearestFlag(name, options)}`);
    if (option.type === "boolean" && value !== undefined) fail(command, `${rawName} takes no value`);
    if (option.type === "string") requireValue(command, token, option.value);
    if (seen.has(name) && option.multiple !== true) fail(command, `${rawName} must be given once`);
    seen.add(name);
    // `--from --check` forgot the value; `--name=-x` says what it means
    if (option.type === "string" && inlineValue === false && value?.startsWith("-") === true && value !== "-") {
      fail(command, `${rawName} must have a value: ${rawName} <${option.value}>, got ${value}`);
    }
  }
  const extra = command.allowPositionals === true ? undefined : positionals[0];
  if (extra !== undefined) fail(command, `unexpected argument "${extra}"`);
  return { flags: values, positionals };
}

function requireValue(
  command: Command,
  { rawName, value }: { rawName: string; value: string | undefined },
  placeholder: string | undefined,
): void {
  if (value === undefined || value === "") fail(command, `${rawName} must have a value: ${rawName} <${placeholder}>`);
}

function nearestFlag(name: string, options: Command["options"]): string {
  const near = nearestName(name, [...Object.keys(options), "help"]);
  return near === undefined ? "" : `; did you mean --${near}?`;
}

function fail(command: Command, message: string): never {
  throw new UsageError([message, `ghl-codegen ${command.name} --help lists the options`].join("\n  "));
}
