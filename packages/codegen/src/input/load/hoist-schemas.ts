import { UnresolvedReferenceError } from "../../errors.ts";
import { isObject, type Json, type JsonObject, objectAt, setMember } from "../../json/json.ts";
import { at, parsePointer, pointerOf, ROOT } from "../../json/pointer.ts";
import { walkSchema, walkSchemas } from "../../json/walk.ts";

/** Members of a pointer that say where a schema stands and not what it is. */
const STRUCTURE = new Set(
  "paths components schemas responses content schema properties items parameters requestBody requestBodies headers".split(
    " ",
  ),
);

/**
 * Makes a component of every schema that is referred to where it stands otherwise (`#/paths/…`, `#/components/headers/…`,
 * a property of another schema), in place. References to whole component schemas stay.
 *
 * @throws UnresolvedReferenceError for one that leads to no schema
 */
export function hoistSchemas(document: JsonObject, file: string): void {
  const components = objectAt(document.components);
  const schemas = objectAt(components.schemas);
  const names = new Map<string, string>();

  const hoist = (reference: string, pointer: string): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const target = throughReferences(document, reference);
    if (!isObject(target) && typeof target !== "boolean") {
      throw new UnresolvedReferenceError(`${reference} leads to no schema`, { file, pointer });
    }
    const name = freeName(schemas, reference);
    names.set(reference, name);
    const copy = structuredClone(target);
    setMember(schemas, name, copy);
    walkSchema(copy, at(ROOT, "components", "schemas", name), relink);
    return name;
  };
  const relink = (schema: JsonObject, position: Parameters<typeof pointerOf>[0]): void => {
    const reference = schema.$ref;
    if (typeof reference !== "string" || !reference.startsWith("#/") || isComponent(reference)) return;
    schema.$ref = `#/components/schemas/${hoist(reference, pointerOf(at(position, "$ref")))}`;
  };
  walkSchemas(document, relink);
  if (names.size === 0) return;
  components.schemas = schemas;
  document.components = components;
}

function isComponent(reference: string): boolean {
  const tokens = parsePointer(reference);
  return tokens?.length === 3 && tokens[0] === "components" && tokens[1] === "schemas";
}

/** Resolves a pointer, also where one of its steps is itself a reference. */
function throughReferences(document: JsonObject, pointer: string): Json | undefined {
  const step = (value: Json | undefined, left: number): Json | undefined => {
    if (!isObject(value) || typeof value.$ref !== "string" || left === 0) return value;
    return step(follow(value.$ref, left - 1), left - 1);
  };
  const follow = (reference: string, left: number): Json | undefined => {
    let value: Json | undefined = document;
    for (const token of parsePointer(reference) ?? ["", ""]) {
      value = step(value, left);
      if (Array.isArray(value)) value = value[Number(token)];
      else value = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
    }
    return value;
  };
  return follow(pointer, 20);
}

/** `#/components/schemas/Pet/properties/owner` → `PetOwner`. */
function freeName(schemas: JsonObject, pointer: string): string {
  const words = (parsePointer(pointer) ?? [])
    .filter((token) => !STRUCTURE.has(token))
    .flatMap((token) => token.match(/[A-Za-z0-9]+/g) ?? [])
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const name = words.join("") || "Schema";
  let free = name;
  for (let count = 2; Object.hasOwn(schemas, free); count++) free = `${name}${count}`;
  return free;
}
