import { numberProblem } from "@ghl-edge/core";
import { readRule } from "../../faults/read-rule.ts";
import { OPTION_NAMES } from "./check-options.ts";
import { EmulatorConfigurationError } from "./configuration-error.ts";
import { demandNames, demandText } from "./demand.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { resolveOptions } from "./resolve-options.ts";

/** RFC 9293 section 3.1: ports have 16 bits. */
const MAX_PORT = 65_535;

/** Content of a config file: the options of `createEmulator`, and the address that the command listens on. */
export interface EmulatorConfig extends EmulatorOptions {
  /** Default 4010; 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly hostname?: string;
}

/** A config, parted into what makes an emulator and where it listens. */
export interface CheckedConfig {
  readonly options: EmulatorOptions;
  readonly listen: { readonly port?: number; readonly hostname?: string };
}

/**
 * Gives a config file in TypeScript its types.
 *
 * @param config - The options of `createEmulator`, and the address to listen on
 * @returns The same object
 * @example
 * ```ts
 * // ghl-emulator.config.ts
 * import { DEFAULT_APP, defineConfig } from "@ghl-edge/emulator";
 *
 * export default defineConfig({
 *   seedRecords: 50,
 *   apps: [{ ...DEFAULT_APP, webhookUrl: "http://127.0.0.1:8787/webhooks" }],
 * });
 * ```
 */
export function defineConfig(config: EmulatorConfig): EmulatorConfig {
  return config;
}

/**
 * Checks the content of a config file, member by member.
 *
 * @param value - Content of the file, parsed
 * @param source - Name of the file, for messages
 * @returns The options of `createEmulator`, and those of `serve`
 * @throws {EmulatorConfigurationError} with the file, the path in it, the expected value, and the value that it has
 * @example
 * ```ts
 * import { createEmulator, readConfig } from "@ghl-edge/emulator";
 *
 * const { options } = readConfig({ seedRecords: "small" }, "ghl-emulator.config.json");
 * const emulator = createEmulator(options);
 * console.log(await emulator.publicKey());
 * ```
 */
export function readConfig(value: unknown, source: string): CheckedConfig {
  try {
    // An editor's schema is no option.
    const { $schema: _schema, ...config } = Object(value) as EmulatorConfig & { $schema?: unknown };
    demandNames("the file", value, [...OPTION_NAMES, "port", "hostname", "$schema"]);
    const { port, hostname, ...options } = config;
    const problem =
      port === undefined ? undefined : numberProblem("port", port, { min: 0, max: MAX_PORT, integer: true });
    if (problem !== undefined) throw new EmulatorConfigurationError(problem);
    if (hostname !== undefined) demandText("hostname", hostname);
    for (const rule of resolveOptions(options).faults) readRule(rule);
    const listen = { ...(port === undefined ? {} : { port }), ...(hostname === undefined ? {} : { hostname }) };
    return { options, listen };
  } catch (error) {
    if (!(error instanceof EmulatorConfigurationError)) throw error;
    throw new EmulatorConfigurationError(`${source}: ${error.message}`, { cause: error });
  }
}
