import { resolve } from "node:path";
import { defaultCacheFolder, NO_CACHE, openCache } from "./cache.ts";
import { fingerprint } from "./fingerprint.ts";
import { type RunResult, runUnits } from "./run.ts";
import { singleFileUnit } from "./single-file.ts";
import type { Unit } from "./unit.ts";
import { TARGETS, workspaceUnits } from "./workspace.ts";

/** What to generate: every module of a checkout, or one OpenAPI file. */
export type GenerateInput =
  | {
      /** Root of a checkout of ghl-edge. */
      readonly root: string;
      /** Folder of distilled documents, relative to the root; default `openapi`. */
      readonly openapi?: string | undefined;
    }
  | {
      /** An OpenAPI 3.x file, JSON or YAML. */
      readonly file: string;
      /** Folder for its two files. */
      readonly out: string;
      /** Name of the module; default: the file's. */
      readonly name?: string | undefined;
    };

export interface GenerateOptions {
  /** Compare only, write nothing; default false. */
  readonly check?: boolean | undefined;
  /** `false`: none; default: `node_modules/.cache/ghl-edge-codegen` of the root, or of the current folder. */
  readonly cacheFolder?: string | false | undefined;
  /** Called before each piece of work that is not found up to date. */
  readonly onProgress?: ((index: number, total: number, name: string) => void) | undefined;
}

/**
 * Brings generated files up to date. Nothing is written unless everything could be generated.
 *
 * @throws UnreadableFileError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, NameClashError, WriteError
 */
export async function generate(input: GenerateInput, options: GenerateOptions = {}): Promise<RunResult> {
  const single = "file" in input;
  const root = resolve(single ? input.out : input.root);
  const units: Unit[] = single
    ? [await singleFileUnit(resolve(input.file), input.name)]
    : workspaceUnits(root, input.openapi ?? "openapi");
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(single ? process.cwd() : root) ?? false;
  return runUnits({
    root,
    units,
    targets: single ? [] : TARGETS,
    fingerprint: fingerprint(),
    cache: cacheFolder === false ? NO_CACHE : openCache(cacheFolder, single ? `${root} ${units[0]?.name}` : root),
    check: options.check ?? false,
    onUnit: (unit, index) => options.onProgress?.(index, units.length, unit.name),
  });
}
