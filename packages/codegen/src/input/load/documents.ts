import { NameClashError, NotOpenApiError, UnreadableFileError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../json/json.ts";
import { type Api, isCommonFile, moduleOf } from "./modules.ts";
import { parseJson, requireOpenApi } from "./parse.ts";
import type { Source } from "./source/source.ts";

/** One parsed upstream document, as it came. */
export interface UpstreamDocument {
  readonly api: Api;
  readonly module: string;
  /** Path inside the source. */
  readonly file: string;
  readonly document: JsonObject;
}

/** The parsed files of a source. */
export interface UpstreamDocuments {
  /** v2 before v3, by module name. */
  readonly documents: readonly UpstreamDocument[];
  /** Every parsed file by path, the shared ones included. */
  readonly files: ReadonlyMap<string, JsonObject>;
}

/**
 * Parses the files of a source and gives each document its module name.
 *
 * @param source - The source, as {@link openSource} returns it
 * @returns The documents and all files
 * @throws {NotParsableError} when a file is not JSON (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NotOpenApiError} when a file is not an OpenAPI 3.x document (`ERR_GHL_CODEGEN_NOT_OPENAPI`)
 * @throws {NameClashError} when two files are the same module (`ERR_GHL_CODEGEN_NAME_CLASH`)
 * @throws {UnreadableFileError} when the source contains no documents (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @example
 * ```ts
 * import { openSource, parseSource } from "@ghl-edge/codegen";
 *
 * const { documents, files } = parseSource(await openSource({ from: "highlevel-api-docs" }));
 * console.log(documents.length, files.size);
 * ```
 */
export function parseSource(source: Source): UpstreamDocuments {
  const documents: UpstreamDocument[] = [];
  const files = new Map<string, JsonObject>();
  const owners = new Map<string, string>();
  for (const [file, bytes] of source.files) {
    const name = moduleOf(file);
    if (name === undefined && !isCommonFile(file)) continue;
    const value = parseJson(bytes, file);
    if (name === undefined) {
      if (!isObject(value)) throw new NotOpenApiError("document must be an object", { file, pointer: "#" });
      files.set(file, value);
      continue;
    }
    const document = requireOpenApi(value, file);
    const key = `${name.api}/${name.module}`;
    const owner = owners.get(key);
    if (owner !== undefined) throw new NameClashError(`module ${key} already comes from ${owner}`, { file });
    owners.set(key, file);
    files.set(file, document);
    documents.push({ ...name, file, document });
  }
  if (documents.length === 0) {
    throw new UnreadableFileError("documents not found: apps/*.json, apps/v3/*.json", { file: source.label });
  }
  documents.sort((a, b) => (`${a.api}/${a.module}` < `${b.api}/${b.module}` ? -1 : 1));
  return { documents, files };
}
