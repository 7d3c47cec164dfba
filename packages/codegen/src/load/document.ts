import { distil } from "../distil/distil.ts";
import { NotOpenApiError, UnreadableFileError, type Unsupported, UnsupportedError } from "../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../json.ts";
import { repair } from "../repair/repair.ts";
import { walkReferences } from "../walk.ts";
import { inlineComponents } from "./inline-components.ts";
import { type Location, locationOf, readLocation } from "./location.ts";
import { parseJson, refuseDuplicateKeys, requireOpenApi } from "./parse.ts";
import { parseReference, targetFile } from "./reference.ts";
import { findUnsupported } from "./unsupported.ts";
import { parseYaml } from "./yaml.ts";

export interface LoadOptions {
  /**
   * Told of what generated code could not serve, which is left out then: an operation where it needs it, else the place
   * alone. Default: such a document is refused.
   */
  readonly onUnsupported?: ((places: readonly Unsupported[]) => void) | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Reads anybody's OpenAPI 3.x document, JSON or YAML, with the files it refers to, and returns it repaired and distilled:
 * the form of the documents of `sync`, but with all its schemas, and with `webhooks`.
 *
 * @param file a local file, or an address with `http:` or `https:`
 * @throws UnreadableFileError, NetworkError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, NameClashError,
 *   UnsupportedError
 */
export async function loadDocument(file: string, options: LoadOptions = {}): Promise<JsonObject> {
  const location = locationOf(file, options.fetch);
  const { name } = location;
  const root = requireOpenApi(await readDocument(location, name, file), file);
  const files = new Map<string, JsonObject>([[name, root]]);
  await readReferenced(root, name, location, files);
  const inlined = inlineComponents(root, file);
  refuseUnsupported(inlined, file, options.onUnsupported);
  if (location.url !== undefined) inlined.servers = absoluteServers(inlined.servers, location.url);
  const { document } = repair(inlined, { file: name, files: files.set(name, inlined), foreign: true });
  return distil(document, { title: titleOf(name), version: versionOf(root), foreign: true });
}

function refuseUnsupported(document: JsonObject, file: string, tell: LoadOptions["onUnsupported"]): void {
  const places = findUnsupported(document);
  if (places.length === 0) return;
  const said = places.map(({ pointer, message }) => ({ pointer, message }));
  if (tell === undefined) throw new UnsupportedError(said, file);
  for (const { remove } of places) remove();
  tell(said);
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

/** Reads the files that references lead to, and those they lead to. Other addresses are left for `bundle` to refuse. */
async function readReferenced(
  from: JsonObject,
  path: string,
  location: Location,
  files: Map<string, JsonObject>,
): Promise<void> {
  const wanted = new Set<string>();
  walkReferences(from, (_, reference) => {
    const { file } = parseReference(reference);
    if (file !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(file)) wanted.add(targetFile(path, file));
  });
  for (const other of wanted) {
    if (files.has(other) || other.startsWith("/")) continue;
    const value = await readDocument(location, other, location.labelOf(other)).catch((error: unknown) => {
      // bundle tells which reference it was
      if (error instanceof UnreadableFileError) return undefined;
      throw error;
    });
    if (value === undefined) continue;
    if (!isObject(value)) throw new NotOpenApiError("the file is not an object", { file: other, pointer: "#" });
    files.set(other, value);
    await readReferenced(value, other, location, files);
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

/** `petstore.openapi.yaml` → `petstore`. */
function titleOf(name: string): string {
  return name.replace(/\.(?:json|ya?ml)$/i, "").replace(/[-._](?:openapi|swagger|api-docs)$/i, "");
}

function versionOf(document: JsonObject): string {
  const version = objectAt(document.info).version;
  return typeof version === "string" ? version : "";
}
