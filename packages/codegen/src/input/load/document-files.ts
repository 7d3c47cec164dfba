import { NotOpenApiError, UnreadableFileError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { walkReferences } from "../../json/walk.ts";
import { type Location, locationOf, readLocation } from "./location.ts";
import { parseJson, refuseDuplicateKeys, requireOpenApi } from "./parse.ts";
import { parseReference, targetFile } from "./reference.ts";
import { parseYaml } from "./yaml.ts";

/** Somebody's OpenAPI 3 document as it came, with the files it refers to. */
export interface DocumentFiles {
  /** Name of the document in its folder. */
  readonly name: string;
  /** Its address, when it is not a file. */
  readonly url: string | undefined;
  readonly document: JsonObject;
  /** Every file that was read, the document included, by its path from the document's folder. */
  readonly files: Map<string, JsonObject>;
}

/**
 * Reads a document, JSON or YAML, from a file or an address, with the files it refers to.
 *
 * @param file - A local file, or an address with `http:` or `https:`
 * @param fetch - The fetch function; default: the global one
 * @returns The document and all files that were read
 * @throws {UnreadableFileError} when a file cannot be read (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {NetworkError} when an address cannot be fetched (`ERR_GHL_CODEGEN_NETWORK`)
 * @throws {NotParsableError} when a file is neither JSON nor YAML (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NotOpenApiError} when the file is not an OpenAPI 3.x document (`ERR_GHL_CODEGEN_NOT_OPENAPI`)
 * @example
 * ```ts
 * import { lintDocumentFiles, readDocumentFiles } from "@ghl-edge/codegen";
 *
 * const findings = lintDocumentFiles(await readDocumentFiles("petstore.yaml"));
 * ```
 */
export async function readDocumentFiles(file: string, fetch?: typeof globalThis.fetch): Promise<DocumentFiles> {
  const location = locationOf(file, fetch);
  const { name, url } = location;
  const label = url ?? location.labelOf(name);
  const document = requireOpenApi(await readDocument(location, name, label), label);
  const files = new Map<string, JsonObject>([[name, document]]);
  await readReferenced({ from: document, path: name }, location, files);
  return { name, url, document, files };
}

/** Reads the files that references lead to, and those they lead to. Other addresses are left for `bundle` to refuse. */
async function readReferenced(
  { from, path }: { readonly from: JsonObject; readonly path: string },
  location: Location,
  files: Map<string, JsonObject>,
): Promise<void> {
  const paths = new Set<string>();
  walkReferences(from, (_, reference) => {
    const { file } = parseReference(reference);
    if (file !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(file)) paths.add(targetFile(path, file));
  });
  for (const other of paths) {
    if (files.has(other) || other.startsWith("/")) continue;
    const value = await readDocument(location, other, location.labelOf(other)).catch((error: unknown) => {
      // bundle reports which reference it was
      if (error instanceof UnreadableFileError) return undefined;
      throw error;
    });
    if (value === undefined) continue;
    if (!isObject(value)) throw new NotOpenApiError("file must be an object", { file: other, pointer: "#" });
    files.set(other, value);
    await readReferenced({ from: value, path: other }, location, files);
  }
}

async function readDocument(location: Location, path: string, label: string): Promise<Json> {
  const bytes = await readLocation(location, path, label);
  const isYaml = /\.ya?ml$/i.test(path) || (!/\.json$/i.test(path) && !/^[\s\uFEFF]*[{[]/.test(startOf(bytes)));
  if (isYaml) return parseYaml(bytes, label);
  const value = parseJson(bytes, label);
  refuseDuplicateKeys(bytes, label);
  return value;
}

/** The first characters, for a file whose name does not say what it is. */
function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 200));
}
