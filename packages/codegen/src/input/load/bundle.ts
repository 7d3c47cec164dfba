import { posix } from "node:path";
import { NameClashError, UnresolvedReferenceError } from "../../errors.ts";
import { isObject, type JsonObject, objectAt, setMember } from "../../json/json.ts";
import { parsePointer, pointerOf, resolvePointer } from "../../json/pointer.ts";
import { walkReferences } from "../../json/walk.ts";
import { parseReference, targetFile } from "./reference.ts";

/**
 * Makes a document self-contained, in place. Every schema of another file that it reaches becomes one of its components.
 * The component keeps its name, or gets the file's prefix (`Common…`) where the document has a schema of that name.
 *
 * @throws UnresolvedReferenceError for the first reference, local or not, that leads nowhere.
 */
export function bundle(document: JsonObject, file: string, files: ReadonlyMap<string, JsonObject>): void {
  const schemas = componentSchemas(document);
  const own = new Set(Object.keys(schemas));
  const imported = new Map<string, string>();

  const importSchema = (from: string, pointer: string): string => {
    const key = from + pointer;
    const known = imported.get(key);
    if (known !== undefined) return known;
    const [name, schema] = readSchema(files, from, pointer);
    const local = own.has(name) ? prefixOf(from) + name : name;
    if (Object.hasOwn(schemas, local)) {
      throw new NameClashError(`schema ${local} comes from ${from} and already exists here`, { file, pointer });
    }
    imported.set(key, local);
    const copy = structuredClone(schema);
    setMember(schemas, local, copy);
    relink(copy, from, pointer);
    return local;
  };

  /** Points every reference of `holder` at a component of this document. It stands in `home` below `base`. */
  const relink = (holder: JsonObject, home: string, base: string): void => {
    walkReferences(holder, (node, reference, position) => {
      const target = parseReference(reference);
      const from = targetFile(home, target.file);
      if (from === file && resolvePointer(document, target.pointer) !== undefined) {
        node.$ref = target.pointer;
        return;
      }
      const schema = files.get(from);
      if (schema === undefined || resolvePointer(schema, target.pointer) === undefined) {
        const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(target.file);
        const what = isAddress ? "is an address, which is not followed; bundle the document first" : "leads nowhere";
        throw new UnresolvedReferenceError(`${reference} ${what}`, {
          file: home,
          pointer: base + pointerOf(position).slice(1),
        });
      }
      node.$ref = `#/components/schemas/${importSchema(from, target.pointer)}`;
    });
  };

  relink(document, file, "#");
}

function componentSchemas(document: JsonObject): JsonObject {
  const components = objectAt(document.components);
  const schemas = objectAt(components.schemas);
  components.schemas = schemas;
  document.components = components;
  return schemas;
}

function readSchema(files: ReadonlyMap<string, JsonObject>, file: string, pointer: string): [string, JsonObject] {
  const document = files.get(file);
  const schema = document === undefined ? undefined : resolvePointer(document, pointer);
  if (!isObject(schema))
    throw new UnresolvedReferenceError("the reference does not lead to a schema", { file, pointer });
  // a file may hold one schema and nothing around it
  return [parsePointer(pointer)?.at(-1) ?? pascal(posix.parse(file).name), schema];
}

/** `../common/common-schemas.json` → `Common`. */
function prefixOf(file: string): string {
  return pascal(posix.parse(file).name.split(/[-_.]/)[0] ?? "");
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
