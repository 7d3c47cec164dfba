import { byCodeUnit, type JsonObject, objectAt, setMember } from "../../../json/json.ts";
import type { Kind } from "../shape/kind.ts";
import type { Shape } from "../shape/shape.ts";
import type { KnownFields } from "./known-fields.ts";

/**
 * A schema for what was seen and no document describes. It claims no more than that: members are optional, and objects
 * are open. Where only null or empty lists were seen, a field is what the document says of others of its name.
 *
 * @param kinds - Those of the shape to describe; default: all
 */
export function schemaOfShape(
  shape: Shape,
  known: KnownFields,
  kinds: readonly Kind[] = [...shape.kinds.keys()],
): JsonObject {
  return schemaOf(shape, { known, kinds, name: undefined });
}

interface Field {
  readonly known: KnownFields;
  readonly kinds: readonly Kind[];
  /** Name of the member; undefined at the top and in lists. */
  readonly name: string | undefined;
}

function schemaOf(shape: Shape, field: Field): JsonObject {
  const { kinds } = field;
  const isNullable = kinds.includes("null");
  const schemas = kinds.filter((kind) => kind !== "null").map((kind) => schemaOfKind(shape, kind, field));
  const [first] = schemas;
  if (first === undefined) return nullable(field.known.get(field.name ?? ""));
  if (schemas.every(isPlain)) {
    const types = [...schemas.map(({ type }) => type as string), ...(isNullable ? ["null"] : [])];
    return schemas.length === 1
      ? { ...first, type: types.length === 1 ? (types[0] as string) : types }
      : { type: types.sort(byCodeUnit) };
  }
  const members = isNullable ? [...schemas, { type: "null" }] : schemas;
  return members.length === 1 ? first : { anyOf: members };
}

/** Several scalars are one list of types; an object or an array with what is below it stands for itself. */
function isPlain(schema: JsonObject): boolean {
  return schema.type !== "object" && schema.type !== "array";
}

/** Returns the schema of a field of which only null was seen. */
function nullable(known: JsonObject | undefined): JsonObject {
  return known === undefined ? {} : { ...known, type: [known.type as string, "null"] };
}

function schemaOfKind(shape: Shape, kind: Kind, { known, name }: Field): JsonObject {
  if (kind === "array") return { type: "array", items: itemsOf(shape, known, name) };
  if (kind === "object") return objectOfShape(shape, known);
  const times = shape.kinds.get(kind) ?? 0;
  if (kind === "string" && times > 0 && shape.dateTimes === times) return { type: "string", format: "date-time" };
  return { type: kind };
}

function itemsOf({ items }: Shape, known: KnownFields, name: string | undefined): JsonObject {
  if (items !== undefined) return schemaOfShape(items, known);
  const list = known.get(name ?? "");
  return list?.type === "array" ? structuredClone(objectAt(list.items)) : {};
}

function objectOfShape(shape: Shape, known: KnownFields): JsonObject {
  if (shape.members.size === 0) {
    const others = shape.any === undefined ? {} : { additionalProperties: schemaOfShape(shape.any, known) };
    return { type: "object", ...others };
  }
  const properties: JsonObject = {};
  for (const [name, member] of [...shape.members].sort(([a], [b]) => byCodeUnit(a, b))) {
    setMember(properties, name, schemaOf(member, { known, kinds: [...member.kinds.keys()], name }));
  }
  return { type: "object", properties, additionalProperties: true };
}

/** The schema of a member of an object. */
export function schemaOfMember(name: string, shape: Shape, known: KnownFields): JsonObject {
  return schemaOf(shape, { known, kinds: [...shape.kinds.keys()], name });
}
