import { didYouMean, isObject } from "@ghl-edge/core";
import { InvalidConfigError } from "../../errors.ts";
import type { Config } from "./config.ts";

const MEMBERS = ["openapi", "targets", "imports", "packages"];
const TARGETS = ["client", "emulator", "webhooks", "operations"];
const IMPORTS = ["package", "relative"];
const PACKAGE = ["folder", "follows", "typed"];
const FOLLOWS = ["operations", "events"];

/** Checks what a configuration file exports. @throws InvalidConfigError */
export function checkConfig(value: unknown, file: string): Config {
  const config = objectAt(value, "the default export", file);
  knownMembers(config, MEMBERS, { prefix: "", file });
  textAt(config.openapi, "openapi", file);
  const { imports, targets, packages } = config;
  if (imports !== undefined && !IMPORTS.includes(imports as string)) {
    throw new InvalidConfigError(`imports must be "package" or "relative", got ${shown(imports)}`, { file });
  }
  if (targets !== undefined) {
    const folders = objectAt(targets, "targets", file);
    knownMembers(folders, TARGETS, { prefix: "targets.", file });
    for (const [name, folder] of Object.entries(folders)) textAt(folder, `targets.${name}`, file);
  }
  if (packages !== undefined) checkPackages(packages, file);
  return config as Config;
}

function checkPackages(packages: unknown, file: string): void {
  if (!Array.isArray(packages))
    throw new InvalidConfigError(`packages must be a list, got ${shown(packages)}`, { file });
  for (const [index, value] of packages.entries()) {
    const path = `packages[${index}]`;
    const { folder, follows, typed } = knownMembers(objectAt(value, path, file), PACKAGE, { prefix: `${path}.`, file });
    if (folder === undefined) throw new InvalidConfigError(`${path}.folder must be a path, got nothing`, { file });
    textAt(folder, `${path}.folder`, file);
    if (!FOLLOWS.includes(follows as string))
      throw new InvalidConfigError(`${path}.follows must be "operations" or "events", got ${shown(follows)}`, { file });
    if (typed !== undefined && typeof typed !== "boolean")
      throw new InvalidConfigError(`${path}.typed must be true or false, got ${shown(typed)}`, { file });
  }
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
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  { prefix, file }: { readonly prefix: string; readonly file: string },
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    throw new InvalidConfigError(`unknown field "${prefix}${name}"${didYouMean(name, known)}`, { file });
  }
  return value;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : typeof value === "function" ? "a function" : JSON.stringify(value);
}
