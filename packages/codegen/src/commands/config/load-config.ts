import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CodegenError, InvalidConfigError, UnreadableFileError } from "../../errors.ts";
import { checkConfig } from "./check-config.ts";
import type { Config } from "./config.ts";
import { importFile } from "./import-file.ts";

export const CONFIG_NAMES: readonly string[] = ["ts", "mts", "mjs", "js"].map(
  (ending) => `ghl-codegen.config.${ending}`,
);

/** A configuration with the folder that its paths are relative to. */
export interface LoadedConfig {
  readonly config: Config;
  readonly root: string;
}

/**
 * Reads the configuration that `named` says, or the nearest one from `cwd` upward.
 *
 * @returns Undefined when none is named and none is found
 * @throws UnreadableFileError when the named file is not there
 * @throws InvalidConfigError when it cannot be loaded, or holds something else
 */
export async function loadConfig(cwd: string, named?: string): Promise<LoadedConfig | undefined> {
  const file = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new UnreadableFileError("file not found", { file: named });
  const label = relative(cwd, file) || basename(file);
  const value = await importFile(file).catch((cause: unknown) => {
    if (cause instanceof CodegenError) throw cause;
    throw new InvalidConfigError(`cannot be loaded: ${(cause as Error).message}`, { file: label }, { cause });
  });
  return { config: checkConfig(value, label), root: dirname(file) };
}

function findConfig(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = CONFIG_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined || folder === dirname(folder)) return found;
  }
}
