import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { distil } from "../distil/distil.ts";
import { NotOpenApiError, NotParsableError, UnreadableFileError } from "../errors.ts";
import { isObject, type Json, type JsonObject, objectAt } from "../json.ts";
import { repair } from "../repair/repair.ts";
import { walkReferences } from "../walk.ts";
import { inlineComponents } from "./inline-components.ts";
import { parseJson, requireOpenApi } from "./parse.ts";
import { parseReference, targetFile } from "./reference.ts";

/**
 * Reads anybody's OpenAPI 3.x document, JSON or YAML, with the local files it refers to, and returns it repaired and
 * distilled: the same form as the documents of `sync`.
 *
 * @throws UnreadableFileError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, NameClashError
 */
export async function loadDocument(file: string): Promise<JsonObject> {
  const path = resolve(file);
  const folder = dirname(path);
  const name = basename(path);
  const root = requireOpenApi(await readDocument(path, file), file);
  const files = new Map<string, JsonObject>([[name, root]]);
  await readReferenced(root, name, folder, files);
  const inlined = inlineComponents(root, file);
  const { document } = repair(inlined, { file: name, files: files.set(name, inlined) });
  return distil(document, { title: titleOf(name), version: versionOf(root) });
}

/** Reads the files that references lead to, and those they lead to. Web addresses are left for `bundle` to refuse. */
async function readReferenced(
  from: JsonObject,
  path: string,
  folder: string,
  files: Map<string, JsonObject>,
): Promise<void> {
  const wanted = new Set<string>();
  walkReferences(from, (_, reference) => {
    const { file } = parseReference(reference);
    if (file !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(file)) wanted.add(targetFile(path, file));
  });
  for (const other of wanted) {
    if (files.has(other) || isAbsolute(other)) continue;
    const value = await readDocument(resolve(folder, other), relative(process.cwd(), resolve(folder, other))).catch(
      (error: unknown) => {
        // bundle tells which reference it was
        if (error instanceof UnreadableFileError) return undefined;
        throw error;
      },
    );
    if (value === undefined) continue;
    if (!isObject(value)) throw new NotOpenApiError("the file is not an object", { file: other, pointer: "#" });
    files.set(other, value);
    await readReferenced(value, other, folder, files);
  }
}

async function readDocument(path: string, label: string): Promise<Json> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UnreadableFileError("cannot be read", { file: label }, { cause });
  });
  if (!/\.ya?ml$/i.test(path)) return parseJson(text, label);
  const { parse } = await import("yaml");
  try {
    // aliases become copies: what follows changes values in place
    return JSON.parse(JSON.stringify(parse(text, { maxAliasCount: 1000 }))) as Json;
  } catch (cause) {
    throw new NotParsableError(`not YAML: ${(cause as Error).message}`, { file: label }, { cause });
  }
}

/** `petstore.openapi.yaml` → `petstore`. */
function titleOf(name: string): string {
  return name.replace(/\.(?:json|ya?ml)$/i, "").replace(/[-._](?:openapi|swagger|api-docs)$/i, "");
}

function versionOf(document: JsonObject): string {
  const version = objectAt(document.info).version;
  return typeof version === "string" ? version : "";
}
