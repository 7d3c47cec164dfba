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
 * Where `generate` writes to: folders, none inside another, and one file. It removes files that it wrote in an earlier run and that are
 * no longer due; anything else in a folder it leaves alone.
 */
export interface Targets {
  /** Types, methods and rows of every module (`v3/contacts.gen.ts`), and the route table of all modules. */
  readonly client?: string;
  /** What a server must know to answer the operations, as `@ghl-edge/emulator` reads it: one JSON file per module. */
  readonly emulator?: string;
  /**
   * Types and samples of the webhook events. With `imports: "relative"` also the tables of the classifier and of the
   * checks, which only `@ghl-edge/webhooks` itself can import.
   */
  readonly webhooks?: string;
  /** A Markdown file: every operation with its method here, its name in the official SDK, and its scopes. */
  readonly operations?: string;
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
