import { resolve } from "node:path";
import { type Unsupported, UsageError } from "../../errors.ts";
import { isAddress } from "../../input/load/location.ts";
import { type Cache, defaultCacheFolder, NO_CACHE, openCache } from "./cache.ts";
import { fingerprint } from "./fingerprint.ts";
import { type RunOptions, type RunResult, runUnits } from "./run.ts";
import { singleFileUnit } from "./single-file.ts";
import type { Targets } from "./targets.ts";
import type { Unit } from "./unit.ts";
import { workspaceUnits } from "./workspace.ts";

/** Input of `generate`: every module of a folder of distilled documents, or one OpenAPI file. */
export type GenerateInput =
  | {
      /** Folder that the others are relative to. */
      readonly root: string;
      /** Folder of distilled documents, as `sync` writes it; default `openapi`. */
      readonly openapi?: string | undefined;
      /** Folders to write to. A target that is not named is not written. */
      readonly targets: Targets;
      /** Source of the imports in generated files, as in `Config`. Default: `package`. */
      readonly imports?: "package" | "relative" | undefined;
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
  /** Parts that were left out, with `skipUnsupported`. */
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
 *   UnsupportedError, NetworkError; UsageError when a target lies inside another
 */
export async function generate(input: GenerateInput, options: GenerateOptions = {}): Promise<GenerateResult> {
  return "file" in input ? generateFile(input, options) : generateWorkspace(input, options);
}

type FileInput = Extract<GenerateInput, { file: string }>;

async function generateFile(input: FileInput, options: GenerateOptions): Promise<GenerateResult> {
  const { file, name, skipUnsupported = false } = input;
  const root = resolve(input.out);
  const { unit, skipped } = await singleFileUnit({
    file: isAddress(file) ? file : resolve(file),
    name,
    skipUnsupported,
  });
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(process.cwd());
  const cache = openCacheIn(cacheFolder, `${root} ${unit.name}`);
  const result = await run({ root, units: [unit], targets: [], cache }, options);
  return { ...result, skipped };
}

async function generateWorkspace(
  { root: folder, openapi = "openapi", targets, imports = "package" }: Exclude<GenerateInput, FileInput>,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const root = resolve(folder);
  const { client, emulator, webhooks } = targets;
  const folders = [client, emulator, webhooks].filter((target) => target !== undefined);
  requireSeparate(folders, root);
  const units = workspaceUnits({ root, openapi, targets, imports });
  const cache = openCacheIn(options.cacheFolder ?? defaultCacheFolder(root), `${root} ${JSON.stringify(targets)}`);
  const result = await run({ root, units, targets: folders, source: `${openapi}/`, cache }, options);
  return { ...result, skipped: [] };
}

function run(
  parts: Pick<RunOptions, "root" | "units" | "targets" | "source" | "cache">,
  { check = false, onProgress }: GenerateOptions,
): Promise<RunResult> {
  const onUnit = (unit: Unit, index: number) => onProgress?.(index, parts.units.length, unit.name);
  return runUnits({ ...parts, fingerprint: fingerprint(), check, onUnit });
}

function openCacheIn(folder: string | false | undefined, scope: string): Cache {
  return folder === undefined || folder === false ? NO_CACHE : openCache(folder, scope);
}

/** A target is the generator's own folder. In one inside another, a run would remove what it just wrote for the other. */
function requireSeparate(folders: readonly string[], root: string): void {
  const absolute = folders.map((folder) => `${resolve(root, folder)}/`);
  for (const [index, folder] of absolute.entries()) {
    const other = absolute.findIndex((outer, position) => position !== index && folder.startsWith(outer));
    if (other === -1) continue;
    throw new UsageError(`targets must be separate folders, got "${folders[index]}" inside "${folders[other]}"`);
  }
}
