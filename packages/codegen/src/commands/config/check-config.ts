import { didYouMean, isObject } from "@ghl-edge/core";
import { InvalidConfigError } from "../../errors.ts";
import type { Config } from "./config.ts";

const MEMBERS = ["openapi", "targets", "imports"];
const TARGETS = ["client", "emulator", "webhooks", "operations"];
const IMPORTS = ["package", "relative"];

/** Checks what a configuration file exports. @throws InvalidConfigError */
export function checkConfig(value: unknown, file: string): Config {
  const config = objectAt(value, "the default export", file);
  knownMembers(config, MEMBERS, { prefix: "", file });
  textAt(config.openapi, "openapi", file);
  const { imports, targets } = config;
  if (imports !== undefined && !IMPORTS.includes(imports as string)) {
    throw new InvalidConfigError(`imports must be "package" or "relative", got ${shown(imports)}`, { file });
  }
  if (targets !== undefined) {
    const folders = objectAt(targets, "targets", file);
    knownMembers(folders, TARGETS, { prefix: "targets.", file });
    for (const [name, folder] of Object.entries(folders)) textAt(folder, `targets.${name}`, file);
  }
  return config as Config;
}

function objectAt(value: unknown, path: string, file: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new InvalidConfigError(`${path} must be an object, got ${shown(value)}`, { file });
}

function textAt(value: unknown, path: string, file: string): void {
  if (value === undefined || (typeof value === "string" && value !== "")) return;
  throw new InvalidConfigError(`${path} must be a path, got ${shown(value)}`, { file });
}

function knownMembers(
  value: object,
  known: readonly string[],
  { prefix, file }: { readonly prefix: string; readonly file: string },
): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    throw new InvalidConfigError(`unknown field "${prefix}${name}"${didYouMean(name, known)}`, { file });
  }
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : typeof value === "function" ? "a function" : JSON.stringify(value);
}
