import type { Targets } from "../../output/generate/targets.ts";

/** What `ghl-codegen.config.ts` exports. Paths are relative to the folder of that file. */
export interface Config {
  /** Folder that `sync` writes distilled documents to, and that the other commands read; default `openapi`. */
  readonly openapi?: string;
  /** Where `generate` writes. A target that is not named is not written. */
  readonly targets?: Targets;
  /**
   * What generated files import from: `package` (default) gives `@ghl-edge/client`; `relative` gives the files beside
   * `src/generated` of this project's own packages, for a fork of them.
   */
  readonly imports?: "package" | "relative";
}

/**
 * Types a configuration as it is written. It returns its argument.
 *
 * @example
 * ```ts
 * // ghl-codegen.config.ts
 * import { defineConfig } from "@ghl-edge/codegen";
 *
 * export default defineConfig({
 *   targets: { client: "src/highlevel", webhooks: "src/webhooks" },
 * });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
