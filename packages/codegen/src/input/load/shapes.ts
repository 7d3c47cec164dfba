import { isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { at, type Place, ROOT } from "../../json/pointer.ts";
import { isMethod, METHODS, operationsOf, walkSchemas } from "../../json/walk.ts";

/** Members of a path item that are no operation. */
const PATH_ITEM = new Set(["$ref", "summary", "description", "servers", "parameters", "additionalOperations"]);

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

/**
 * Tells of every place that has not the shape that OpenAPI gives it. What reads the document later takes such a place for
 * absent, so that an operation or a parameter would be missing in the client without a word.
 *
 * @param add takes the place, what is wrong, and what takes the place out of the document
 */
export function checkShapes(
  document: JsonObject,
  add: (place: Place, message: string, remove: () => void) => void,
): void {
  const paths = objectAt(document.paths);
  for (const [path, pathItem] of Object.entries(paths)) {
    const place = at(ROOT, "paths", path);
    if (!path.startsWith("/"))
      add(place, `a path must begin with "/", got ${JSON.stringify(path)}`, () => delete paths[path]);
    checkParameterList(objectAt(pathItem), place, add);
    for (const [key, value] of Object.entries(objectAt(pathItem))) {
      if (PATH_ITEM.has(key) || key.startsWith("x-")) continue;
      const remove = () => delete objectAt(pathItem)[key];
      if (!isMethod(key)) {
        const lower = isMethod(key.toLowerCase()) ? `; did you mean "${key.toLowerCase()}"?` : "";
        add(at(place, key), `unknown method "${key}"${lower || `: methods are ${METHODS.join(", ")}`}`, remove);
      } else if (!isObject(value)) add(at(place, key), `an operation must be an object, got ${nameOf(value)}`, remove);
    }
  }
  for (const { operation, place } of operationsOf(document)) checkParameterList(operation, place, add);
  walkSchemas(document, (schema, place) => {
    const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
    const wrong = types.find((type) => !TYPES.includes(String(type)));
    if (wrong === undefined) return;
    const message = `type must be one of ${TYPES.join(", ")}, got ${JSON.stringify(wrong)}`;
    add(at(place, "type"), message, () => delete schema.type);
  });
}

function checkParameterList(
  holder: JsonObject,
  place: Place,
  add: (place: Place, message: string, remove: () => void) => void,
): void {
  if (holder.parameters === undefined || Array.isArray(holder.parameters)) return;
  const message = `parameters must be a list, got ${nameOf(holder.parameters)}`;
  add(at(place, "parameters"), message, () => delete holder.parameters);
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "null" : isObject(value as never) ? "an object" : JSON.stringify(value);
}
