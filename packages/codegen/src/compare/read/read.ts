import { basename, posix } from "node:path";
import { NotParsableError, UnreadableFileError } from "../../errors.ts";
import { distil } from "../../input/distil/distil.ts";
import { inlineComponents } from "../../input/load/inline-components.ts";
import { moduleOf } from "../../input/load/modules.ts";
import { parseJson, requireOpenApi } from "../../input/load/parse.ts";
import { parseReference, targetFile } from "../../input/load/reference.ts";
import { parseYaml } from "../../input/load/yaml.ts";
import { applyOverlays } from "../../input/overlay/apply.ts";
import type { Overlay } from "../../input/overlay/overlay.ts";
import { repair } from "../../input/repair/repair.ts";
import { byCodeUnit, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { operationsOf, walkReferences } from "../../json/walk.ts";
import { callbacksAsWebhooks } from "./callbacks.ts";
import type { SpecDocument } from "./document.ts";
import { eventsAsOperations, isEventDocument } from "./events.ts";
import { collectProse } from "./prose.ts";
import type { SpecFiles } from "./spec-files.ts";
import { unreadParts } from "./unread.ts";

/**
 * Reads every document of one side and distils it. Parts that `sync` would drop or repair therefore make no difference.
 *
 * @throws UnreadableFileError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, OverlayTargetError
 */
export async function readSpecDocuments(spec: SpecFiles, overlays: readonly Overlay[] = []): Promise<SpecDocument[]> {
  const parsed = await parseFiles(spec);
  const selected = [...parsed].filter(([path, value]) =>
    spec.only === undefined ? isDocument(value) : path === spec.only,
  );
  const documents = selected.map(([path, value]) =>
    readDocument(path, requireDocument(value, path), { parsed, overlays }),
  );
  if (documents.length === 0)
    throw new UnreadableFileError("must contain OpenAPI documents, got none", { file: spec.label });
  return documents.sort((a, b) => byCodeUnit(a.name, b.name));
}

async function parseFiles({ files, only }: SpecFiles): Promise<Map<string, Json>> {
  const parsed = new Map<string, Json>();
  for (const [path, bytes] of files) {
    try {
      parsed.set(path, /\.ya?ml$/i.test(path) ? await parseYaml(bytes, path) : parseJson(bytes, path));
    } catch (error) {
      // beside a document that was named there may lie anything
      if (!(error instanceof NotParsableError) || only === undefined || path === only) throw error;
    }
  }
  return parsed;
}

function isDocument(value: Json): boolean {
  return (
    isObject(value) &&
    typeof value.openapi === "string" &&
    (Object.keys(objectAt(value.paths)).length > 0 || isObject(value.webhooks))
  );
}

function requireDocument(value: Json, file: string): JsonObject {
  if (isObject(value) && isObject(value.webhooks) && typeof value.openapi === "string") return value;
  return requireOpenApi(value, file);
}

function readDocument(
  path: string,
  root: JsonObject,
  { parsed, overlays }: { readonly parsed: ReadonlyMap<string, Json>; readonly overlays: readonly Overlay[] },
): SpecDocument {
  const events = isEventDocument(root);
  const { api, module } = events ? { api: "", module: titleOf(path) } : nameOf(path, root);
  const name = api === "" ? module : `${api}/${module}`;
  const files = new Map<string, JsonObject>();
  for (const [other, value] of parsed) if (isObject(value)) files.set(other, value);
  const distilled = isDistilled(root);
  const inlined = inlineComponents(events ? eventsAsOperations(root) : root, path);
  callbacksAsWebhooks(inlined);
  findMovedFiles(inlined, path, files);
  const { document } = repair(inlined, { file: path, files: files.set(path, inlined) });
  if (!distilled && !events) {
    const applicable = overlays
      .filter((overlay) => overlay.documents.includes(name))
      .map((overlay) => ({ ...overlay, documents: [name] }));
    applyOverlays(new Map([[name, document]]), applicable);
  }
  return {
    name,
    api,
    module,
    file: path,
    value: withExtensions(distil(document, { title: module, version: api }), document, events),
    prose: distilled || events ? undefined : collectProse(document),
    events,
    unread: unreadParts(root),
  };
}

/** Members that `distil` makes, or that only webhook events have, survive a second time. */
function withExtensions(result: JsonObject, from: JsonObject, events: boolean): JsonObject {
  for (const { path, method, operation } of operationsOf(from)) {
    const target = objectAt(objectAt(objectAt(result.paths)[path])[method]);
    for (const [key, value] of Object.entries(operation)) {
      const ours = key === "x-api-version" || key === "x-token" || (events && key.startsWith("x-"));
      if (ours && target[key] === undefined) target[key] = value;
    }
  }
  return result;
}

/** Only distilled documents carry what `distil` writes. */
function isDistilled(document: JsonObject): boolean {
  const { description, ...info } = objectAt(document.info);
  if (document.openapi !== "3.1.0" || description !== undefined || Object.keys(info).length !== 2) return false;
  for (const { operation } of operationsOf(document)) {
    if (operation.summary !== undefined || operation.description !== undefined || operation.tags !== undefined)
      return false;
    for (const response of Object.values(objectAt(operation.responses))) {
      if (objectAt(response).description !== "") return false;
    }
  }
  return true;
}

/** A file that is not where a reference says, while one of its name is: it was moved without its neighbours. */
function findMovedFiles(document: JsonObject, path: string, files: Map<string, JsonObject>): void {
  walkReferences(document, (_, reference) => {
    const target = targetFile(path, parseReference(reference).file);
    if (target === path || files.has(target)) return;
    // where `repair` looks for it anyway
    if (files.has(posix.join(posix.dirname(path), parseReference(reference).file.replace(/^\.\.\//, "")))) return;
    const same = [...files.keys()].filter((file) => posix.basename(file) === posix.basename(target));
    const nearest = same.sort((a, b) => shared(b, path) - shared(a, path) || byCodeUnit(a, b))[0];
    const value = nearest === undefined ? undefined : files.get(nearest);
    if (value !== undefined) files.set(target, value);
  });
}

/** Counts the leading folders that two paths have in common. */
function shared(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  const end = left.findIndex((part, index) => part !== right[index]);
  return end === -1 ? left.length : end;
}

/** HighLevel's layouts by their paths, anything else by the name of the file. */
function nameOf(path: string, document: JsonObject): { api: string; module: string } {
  const known = moduleOf(path.slice(Math.max(0, path.lastIndexOf("apps/"))));
  if (known !== undefined) return known;
  const title = titleOf(path);
  const folder = posix.basename(posix.dirname(path));
  const version = objectAt(document.info).version;
  const api = /^v[23]$/.test(folder) ? folder : title.endsWith("-v3") ? "v3" : "";
  const module = moduleOf(`apps/${api === "v3" ? "v3/" : ""}${title}.json`)?.module ?? title;
  if (api !== "") return { api, module };
  // the distilled form says its generation itself
  return isDistilled(document) && (version === "v2" || version === "v3") ? { api: version, module } : { api, module };
}

/** `pets.openapi.yaml` → `pets`. */
function titleOf(path: string): string {
  return basename(path)
    .replace(/\.(?:json|ya?ml)$/i, "")
    .replace(/[-._](?:openapi|swagger|api-docs)$/i, "");
}
