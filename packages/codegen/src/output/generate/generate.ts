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

/** Result of {@link generate}. */
export interface GenerateResult extends RunResult {
  /** Parts that were left out, with `skipUnsupported`. */
  readonly skipped: readonly Unsupported[];
}

/** Options of {@link generate}. */
export interface GenerateOptions {
  /** Compare only, write nothing; default false. */
  readonly check?: boolean | undefined;
  /** `false`: none; default: `node_modules/.cache/ghl-edge-codegen` of the root, or of the current folder. */
  readonly cacheFolder?: string | false | undefined;
  /** Called before each piece of work that is not found up to date. */
  readonly onProgress?: ((index: number, total: number, name: string) => void) | undefined;
}

/**
 * Brings generated files up to date. It writes nothing unless it could generate everything.
 *
 * @param input - The modules of a folder of distilled documents, or one OpenAPI file
 * @param options - Check only, cache folder and progress
 * @returns The paths that were missing, stale or left over, relative to the root
 * @throws {UnreadableFileError} when a file cannot be read, or there are no documents (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {NotParsableError} when a file is neither JSON nor YAML (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NotOpenApiError} when a file is not an OpenAPI 3.x document (`ERR_GHL_CODEGEN_NOT_OPENAPI`)
 * @throws {UnresolvedReferenceError} when a reference has no target (`ERR_GHL_CODEGEN_UNRESOLVED_REF`)
 * @throws {UnsupportedError} when generated code could not serve a part of the document (`ERR_GHL_CODEGEN_UNSUPPORTED`)
 * @throws {NameClashError} when two methods, types or files have the same name (`ERR_GHL_CODEGEN_NAME_CLASH`)
 * @throws {NetworkError} when an address cannot be fetched (`ERR_GHL_CODEGEN_NETWORK`)
 * @throws {WriteError} when a file cannot be written (`ERR_GHL_CODEGEN_WRITE`)
 * @throws {UsageError} when a target is inside another one (`ERR_GHL_CODEGEN_USAGE`)
 * @example
 * ```ts
 * import { generate } from "@ghl-edge/codegen";
 *
 * const { stale, skipped } = await generate({ file: "petstore.yaml", out: "src/api" }, { check: true });
 * console.log(stale, skipped);
 * ```
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
