import type { GeneratedPackage } from "../../compare/changeset/packages.ts";
import type { Targets } from "../../output/generate/targets.ts";

/** Default export of `ghl-codegen.config.ts`. Paths are relative to the folder of that file. */
export interface Config {
  /** Folder of the distilled documents: `sync` writes them, the other commands read them. Default: `openapi`. */
  readonly openapi?: string;
  /** Folders and files that `generate` writes. A target that is not named is not written. */
  readonly targets?: Targets;
  /**
   * Source of the imports in generated files. `package` (default) imports from `@ghl-edge/client`. `relative` imports the
   * files beside `src/generated`: only this repository's own packages, or a fork of them, need it.
   */
  readonly imports?: "package" | "relative";
  /** Packages that are released when the documents change. `diff` proposes their next versions and writes changesets. */
  readonly packages?: readonly GeneratedPackage[];
}

/**
 * Types a configuration as it is written.
 *
 * @param config - The configuration
 * @returns The argument, unchanged
 * @example
 * ```ts
 * // ghl-codegen.config.ts
 * import { defineConfig } from "@ghl-edge/codegen";
 *
 * export default defineConfig({
 *   targets: { client: "src/highlevel", webhooks: "src/webhooks" },
 * });
 * ```
 * @see {@link https://github.com/ghl-edge/ghl-edge/tree/main/packages/codegen#readme} for the members
 */
export function defineConfig(config: Config): Config {
  return config;
}
