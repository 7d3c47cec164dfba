import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CheckedConfig, readConfig } from "../core/options/config.ts";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";

/** Names that are looked for, in the folder the command is started in. */
const CONFIG_FILES: readonly string[] = ["ts", "mts", "mjs", "js", "json"].map((end) => `ghl-emulator.config.${end}`);

export interface FoundConfig extends CheckedConfig {
  /** Absolute path. Absent: there is no config file. */
  readonly file?: string;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, and with it a secret.
    const before = text.slice(0, Number(/ at position (\d+)/.exec(String(error))?.[1] ?? Number.NaN)).split("\n");
    const where = String(error).includes(" at position ")
      ? ` at line ${before.length}, column ${before.at(-1)!.length + 1}`
      : "";
    throw new EmulatorConfigurationError(`${basename(file)} must be valid JSON, got a mistake in it${where}`);
  }
}

async function readModule(file: string): Promise<unknown> {
  try {
    const { default: value } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (value === undefined)
      throw new EmulatorConfigurationError(`${basename(file)} must export its config as default, got no such export`);
    return value;
  } catch (error) {
    // Node before 22.18 does not read TypeScript.
    if ((error as { code?: unknown }).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    throw new EmulatorConfigurationError(
      `${basename(file)} needs Node 22.18 or later, got ${process.version}; write ghl-emulator.config.json or .mjs instead`,
    );
  }
}

function findFile(folder: string): string | undefined {
  const found = CONFIG_FILES.filter((name) => existsSync(join(folder, name)));
  if (found.length > 1)
    throw new EmulatorConfigurationError(`there must be one config file in ${folder}, got ${found.join(" and ")}`);
  return found[0] === undefined ? undefined : join(folder, found[0]);
}

/**
 * Reads and checks `ghl-emulator.config.json`, or `.ts`, `.mts`, `.mjs`, `.js` with the config as its default export.
 *
 * @param options - `file`: the file to read. Without it the file is searched in `folder`, by default the current one
 * @returns The options of `createEmulator` and of `serve`, and the path of the file; no options where there is no file
 * @throws {EmulatorConfigurationError} for a file that does not exist, cannot be read, or holds an impossible value
 * @example
 * ```ts
 * import { createEmulator } from "@ghl-edge/emulator";
 * import { loadConfig, serve } from "@ghl-edge/emulator/node";
 *
 * const { options, listen } = await loadConfig();
 * const server = await serve(createEmulator(options), listen);
 * console.log(server.url);
 * ```
 */
export async function loadConfig(
  options: { readonly file?: string; readonly folder?: string } = {},
): Promise<FoundConfig> {
  const folder = options.folder ?? process.cwd();
  const file = options.file === undefined ? findFile(folder) : resolve(folder, options.file);
  if (file === undefined) return { options: {}, listen: {} };
  if (!existsSync(file)) throw new EmulatorConfigurationError(`config file not found: ${file}`);
  if (!statSync(file).isFile())
    throw new EmulatorConfigurationError(`config file must be a file, got the folder ${file}`);
  const value = await (file.endsWith(".json") ? readJson(file) : readModule(file));
  return { file, ...readConfig(value, basename(file)) };
}
