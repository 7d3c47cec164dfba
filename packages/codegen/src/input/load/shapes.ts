import { isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { at, type Position, ROOT } from "../../json/pointer.ts";
import { isMethod, METHODS, operationsOf, walkSchemas } from "../../json/walk.ts";

/** Members of a path item that are no operation. */
const PATH_ITEM = new Set(["$ref", "summary", "description", "servers", "parameters", "additionalOperations"]);

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

/**
 * Reports every part that does not have the shape that OpenAPI requires. Later steps treat such a part as absent. So
 * without a report an operation or a parameter would silently be missing in the client.
 *
 * @param add - Receives the position, the fault, and a function that removes the part from the document
 */
export function checkShapes(
  document: JsonObject,
  add: (position: Position, message: string, remove: () => void) => void,
): void {
  const paths = objectAt(document.paths);
  for (const [path, pathItem] of Object.entries(paths)) {
    const position = at(ROOT, "paths", path);
    if (!path.startsWith("/"))
      add(position, `a path must begin with "/", got ${JSON.stringify(path)}`, () => delete paths[path]);
    checkParameterList(objectAt(pathItem), position, add);
    for (const [key, value] of Object.entries(objectAt(pathItem))) {
      if (PATH_ITEM.has(key) || key.startsWith("x-")) continue;
      const remove = () => delete objectAt(pathItem)[key];
      if (!isMethod(key)) {
        const lower = isMethod(key.toLowerCase()) ? `; did you mean "${key.toLowerCase()}"?` : "";
        add(at(position, key), `unknown method "${key}"${lower || `: methods are ${METHODS.join(", ")}`}`, remove);
      } else if (!isObject(value))
        add(at(position, key), `an operation must be an object, got ${nameOf(value)}`, remove);
    }
  }
  for (const { operation, position } of operationsOf(document)) checkParameterList(operation, position, add);
  walkSchemas(document, (schema, position) => {
    const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
    const wrong = types.find((type) => !TYPES.includes(String(type)));
    if (wrong === undefined) return;
    const message = `type must be one of ${TYPES.join(", ")}, got ${JSON.stringify(wrong)}`;
    add(at(position, "type"), message, () => delete schema.type);
  });
}

function checkParameterList(
  holder: JsonObject,
  position: Position,
  add: (position: Position, message: string, remove: () => void) => void,
): void {
  if (holder.parameters === undefined || Array.isArray(holder.parameters)) return;
  const message = `parameters must be a list, got ${nameOf(holder.parameters)}`;
  add(at(position, "parameters"), message, () => delete holder.parameters);
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "null" : isObject(value as never) ? "an object" : JSON.stringify(value);
}
