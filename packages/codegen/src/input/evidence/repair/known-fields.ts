import { isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { walkSchemas } from "../../../json/walk.ts";

/** Schemas of fields by name, for names whose fields all have the same schema in a document. */
export type KnownFields = ReadonlyMap<string, JsonObject>;

/**
 * The plain fields of a document by name: texts, numbers, booleans and lists of them. A field of which only null or an
 * empty list was seen is what the other records of the module call by its name. Names that mean several things are left out.
 */
export function knownFields(document: JsonObject): KnownFields {
  const found = new Map<string, JsonObject | undefined>();
  walkSchemas(document, (schema) => {
    for (const [name, property] of Object.entries(objectAt(schema.properties))) {
      const plain = plainOf(property);
      if (plain === undefined && isEmptyList(property)) continue;
      const known = found.get(name);
      const differs = found.has(name) && JSON.stringify(known) !== JSON.stringify(plain);
      found.set(name, differs ? undefined : plain);
    }
  });
  return new Map([...found].flatMap(([name, schema]) => (schema === undefined ? [] : [[name, schema] as const])));
}

/** The bare type of a plain schema; undefined of any other. */
function plainOf(schema: Json | undefined): JsonObject | undefined {
  if (!isObject(schema) || schema.format === "binary") return undefined;
  const types = [schema.type].flat().filter((type) => type !== "null");
  const [type] = types;
  if (types.length !== 1 || schema.$ref !== undefined) return undefined;
  if (type === "string" || type === "number" || type === "boolean") return { type };
  if (type !== "array") return undefined;
  const items = plainOf(schema.items);
  return items === undefined ? undefined : { type, items };
}

/** A list of which nothing is said contradicts no other. */
function isEmptyList(schema: Json | undefined): boolean {
  return isObject(schema) && schema.type === "array" && Object.keys(objectAt(schema.items)).length === 0;
}
