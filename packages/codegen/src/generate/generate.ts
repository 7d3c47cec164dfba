import { resolve } from "node:path";
import type { Unsupported } from "../errors.ts";
import { isAddress } from "../load/location.ts";
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
      /** An OpenAPI 3.x document, JSON or YAML: a path, or an address with `http:` or `https:`. */
      readonly file: string;
      /** Folder for its two files. */
      readonly out: string;
      /** Name of the module; default: the file's. */
      readonly name?: string | undefined;
      /** Leaves out what is not supported instead of refusing the document; default false. */
      readonly skipUnsupported?: boolean | undefined;
    };

export interface GenerateResult extends RunResult {
  /** What was left out, with `skipUnsupported`. */
  readonly skipped: readonly Unsupported[];
}

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
 * @throws UnreadableFileError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, NameClashError, WriteError,
 *   UnsupportedError, NetworkError
 */
export async function generate(input: GenerateInput, options: GenerateOptions = {}): Promise<GenerateResult> {
  const single = "file" in input;
  const root = resolve(single ? input.out : input.root);
  const one = single ? await readSingleFile(input) : undefined;
  const units: Unit[] = single ? [] : workspaceUnits(root, input.openapi ?? "openapi");
  if (one !== undefined) units.push(one.unit);
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(single ? process.cwd() : root) ?? false;
  const result = await runUnits({
    root,
    units,
    targets: single ? [] : TARGETS,
    fingerprint: fingerprint(),
    cache: cacheFolder === false ? NO_CACHE : openCache(cacheFolder, single ? `${root} ${units[0]?.name}` : root),
    check: options.check ?? false,
    onUnit: (unit, index) => options.onProgress?.(index, units.length, unit.name),
  });
  return { ...result, skipped: one?.skipped ?? [] };
}

function readSingleFile(input: Extract<GenerateInput, { file: string }>) {
  const { file, name, skipUnsupported = false } = input;
  return singleFileUnit({ file: isAddress(file) ? file : resolve(file), name, skipUnsupported });
}
