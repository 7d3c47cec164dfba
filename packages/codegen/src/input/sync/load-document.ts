import { type Unsupported, UnsupportedError } from "../../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { distil } from "../distil/distil.ts";
import { readDocumentFiles } from "../load/document-files.ts";
import { inlineComponents } from "../load/inline-components.ts";
import { findUnsupported } from "../load/unsupported.ts";
import { repair } from "../repair/repair.ts";

/** Options of {@link loadDocument}. */
export interface LoadOptions {
  /**
   * Receives the parts that generated code could not serve. They are then left out: the whole operation where it needs the
   * part, otherwise only the part. Default: such a document is refused.
   */
  readonly onUnsupported?: ((positions: readonly Unsupported[]) => void) | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Reads any OpenAPI 3.x document, JSON or YAML, with the files it refers to, and returns it repaired and distilled. The result
 * has the form of the documents that `sync` writes, but with all its schemas and with `webhooks`.
 *
 * @param file - A local file, or an address with `http:` or `https:`
 * @param options - What happens to unsupported parts, and the fetch function
 * @returns The distilled document
 * @throws {UnreadableFileError} when a file cannot be read (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {NetworkError} when an address cannot be fetched (`ERR_GHL_CODEGEN_NETWORK`)
 * @throws {NotParsableError} when a file is neither JSON nor YAML (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NotOpenApiError} when a file is not an OpenAPI 3.x document (`ERR_GHL_CODEGEN_NOT_OPENAPI`)
 * @throws {UnresolvedReferenceError} when a reference has no target (`ERR_GHL_CODEGEN_UNRESOLVED_REF`)
 * @throws {NameClashError} when two components would have the same name (`ERR_GHL_CODEGEN_NAME_CLASH`)
 * @throws {UnsupportedError} when generated code could not serve a part of it (`ERR_GHL_CODEGEN_UNSUPPORTED`)
 * @example
 * ```ts
 * import { loadDocument } from "@ghl-edge/codegen";
 *
 * const document = await loadDocument("petstore.yaml");
 * console.log(Object.keys(document));
 * ```
 */
export async function loadDocument(file: string, options: LoadOptions = {}): Promise<JsonObject> {
  const { name, url, document: root, files } = await readDocumentFiles(file, options.fetch);
  const inlined = inlineComponents(root, file);
  refuseUnsupported(inlined, file, options.onUnsupported);
  if (url !== undefined) inlined.servers = absoluteServers(inlined.servers, url);
  const { document } = repair(inlined, { file: name, files: files.set(name, inlined), otherApi: true });
  return distil(document, { title: titleOf(name), version: versionOf(root), otherApi: true });
}

function refuseUnsupported(document: JsonObject, file: string, report: LoadOptions["onUnsupported"]): void {
  const positions = findUnsupported(document);
  if (positions.length === 0) return;
  const reported = positions.map(({ pointer, message }) => ({ pointer, message }));
  if (report === undefined) throw new UnsupportedError(reported, file);
  for (const { remove } of positions) remove();
  report(reported);
}

/** A server without a host is that of the document (OpenAPI 3.1, section 4.8.5). */
function absoluteServers(servers: Json | undefined, base: string): Json[] {
  const listed = arrayAt(servers).filter(isObject);
  return (listed.length > 0 ? listed : [{ url: "/" }]).map((server) => {
    const url = String(server.url ?? "/");
    // only a host may hold a variable that would not survive
    return /^([a-z][a-z0-9+.-]*:|\{)/i.test(url) ? server : { ...server, url: resolveUrl(url, base) };
  });
}

function resolveUrl(url: string, base: string): string {
  const resolved = new URL(url, base);
  return `${resolved.origin}${resolved.pathname}`.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

/** `petstore.openapi.yaml` → `petstore`. */
function titleOf(name: string): string {
  return name.replace(/\.(?:json|ya?ml)$/i, "").replace(/[-._](?:openapi|swagger|api-docs)$/i, "");
}

function versionOf(document: JsonObject): string {
  const version = objectAt(document.info).version;
  return typeof version === "string" ? version : "";
}
