import { arrayAt, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import type { Slot } from "../shape/forms.ts";
import type { Kind } from "../shape/kind.ts";
import type { Shape } from "../shape/shape.ts";
import type { KnownFields } from "./known-fields.ts";
import { schemaOfShape } from "./schema-of-shape.ts";

const SCALARS: readonly Kind[] = ["string", "number", "boolean", "null"];
const COMPOSITIONS = ["$ref", "allOf", "anyOf", "oneOf", "enum", "const", "x-extensible-enum"];

/** A shape that was seen at a position, and the document's schemas of fields by name. */
export interface Seen {
  readonly shape: Shape;
  readonly known: KnownFields;
}

/** Lets a kind through that the schema in the slot refuses. What the schema allowed before it still allows. */
export function widen(slot: Slot, kind: Kind, { shape, known }: Seen): void {
  const schema = slot.holder[slot.key];
  if (!isObject(schema)) return;
  slot.holder[slot.key] =
    SCALARS.includes(kind) && isPlain(schema) ? withType(schema, kind) : withMember(schema, kind, { shape, known });
}

function isPlain(schema: JsonObject): boolean {
  return schema.type !== undefined && !COMPOSITIONS.some((keyword) => schema[keyword] !== undefined);
}

function withType(schema: JsonObject, kind: Kind): JsonObject {
  return { ...schema, type: [...(Array.isArray(schema.type) ? schema.type : [schema.type ?? kind]), kind] };
}

function withMember(schema: JsonObject, kind: Kind, { shape, known }: Seen): JsonObject {
  if (kind === "null" && Array.isArray(schema.enum) && schema.type !== undefined) {
    return { ...withType(schema, kind), enum: [...schema.enum, null] };
  }
  const member = kind === "null" ? { type: "null" } : schemaOfShape(shape, known, [kind]);
  const members: Json[] =
    Object.keys(schema).length === 1 && schema.anyOf !== undefined ? arrayAt(schema.anyOf) : [schema];
  return { anyOf: [...members, member] };
}
