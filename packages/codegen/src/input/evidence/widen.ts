import { arrayAt, equalJson, isObject, type Json, type JsonObject, setMember } from "../../json/json.ts";
import type { ExampleFinding } from "./examples/example-shapes.ts";
import type { Kind } from "./shape/kind.ts";
import { typesOf } from "./shape/misfit.ts";
import type { Shape } from "./shape/shape.ts";

/** Keywords beside which one more name in `type` says the same as a union would. */
const PLAIN = new Set(["type", "default", "deprecated", "readOnly", "writeOnly"]);

/**
 * The schema as it must be to take what examples show. It never refuses what it took before, with one exception: where
 * `replaceText` holds, a schema that is nothing but `string` becomes the objects that all its examples are.
 */
export function widen(schema: Json, finding: ExampleFinding, replaceText: boolean): Json {
  if (!isObject(schema)) return schema;
  let result: JsonObject = { ...schema };
  if (finding.absent.size > 0) {
    const required = arrayAt(result.required).filter((name) => !finding.absent.has(String(name)));
    if (required.length > 0) result.required = required;
    else delete result.required;
  }
  if (finding.shape === undefined) return withMembers(result, finding.members);
  const { items } = result;
  if (result.enum !== undefined) result = withMembers(result, finding.members);
  else if (isObject(items) && items.enum !== undefined) result.items = withMembers(items, finding.members);
  return withShape(result, finding.shape, replaceText);
}

function withMembers(schema: JsonObject, members: ReadonlySet<Json>): JsonObject {
  const known = arrayAt(schema.enum);
  const lacking = [...members].filter((member) => !known.includes(member));
  return lacking.length === 0 ? schema : { ...schema, enum: [...known, ...lacking] };
}

function withShape(schema: JsonObject, shape: Shape, replaceText: boolean): JsonObject {
  const kinds = [...shape.kinds.keys()].filter((kind) => !takes(schema, kind));
  if (kinds.length === 0) return schema;
  if (replaceText && kinds.every((kind) => kind === "object") && equalJson(schema, { type: "string" })) {
    return objectOf(shape);
  }
  const isPlain = schema.type !== undefined && Object.keys(schema).every((keyword) => PLAIN.has(keyword));
  if (isPlain && kinds.every(isScalar)) return { ...schema, type: [...typeList(schema), ...kinds] };
  return kinds.flatMap((kind) => alternativesFor(schema, kind, shape)).reduce(withAlternative, schema);
}

/** Whether a schema accepts a kind. References are not followed: a kind that they accept is no contradiction. */
function takes(schema: JsonObject, kind: Kind): boolean {
  const choices = [...arrayAt(schema.anyOf), ...arrayAt(schema.oneOf)].filter(isObject);
  return [schema, ...choices].some((one) => typesOf(one).includes(kind));
}

function typeList(schema: JsonObject): Json[] {
  return Array.isArray(schema.type) ? schema.type : [schema.type ?? null];
}

function isScalar(kind: Kind): boolean {
  return kind !== "object" && kind !== "array";
}

function alternativesFor(schema: JsonObject, kind: Kind, shape: Shape): JsonObject[] {
  if (kind === "object") return [objectOf(shape)];
  if (kind === "array") return listAlternatives(schema, shape.items);
  // one item in place of a list is an item as the list describes it
  const { items } = schema;
  return [isObject(items) && typesOf(items).includes(kind) ? items : { type: kind }];
}

function listAlternatives(schema: JsonObject, items: Shape | undefined): JsonObject[] {
  const kinds = [...(items?.kinds.keys() ?? [])];
  const isList = kinds.length > 0 && schema.enum !== undefined && kinds.every((kind) => typesOf(schema).includes(kind));
  const list: JsonObject = { type: "array", items: isList ? schema : items === undefined ? {} : schemaOf(items) };
  // an object of which the document says nothing, with a list of texts: the list names the possible values
  const isBare = equalJson(schema, { type: "object" }) && kinds.every(isScalar) && kinds.length > 0;
  return isBare && items !== undefined ? [schemaOf(items), list] : [list];
}

function withAlternative(schema: JsonObject, alternative: JsonObject): JsonObject {
  if (Array.isArray(schema.anyOf) && Object.keys(schema).length === 1) {
    return { anyOf: [...schema.anyOf, alternative] };
  }
  return { anyOf: [schema, alternative] };
}

/** A schema that takes what was seen, and objects with further members. */
export function schemaOf(shape: Shape): JsonObject {
  const kinds = [...shape.kinds.keys()];
  if (kinds.length === 0) return {};
  if (kinds.every(isScalar)) return { type: kinds.length === 1 ? (kinds[0] ?? "string") : [...kinds] };
  const choices = kinds.map((kind): JsonObject => {
    if (kind === "object") return objectOf(shape);
    if (kind === "array") return { type: "array", items: shape.items === undefined ? {} : schemaOf(shape.items) };
    return { type: kind };
  });
  return choices.length === 1 ? (choices[0] ?? {}) : { anyOf: choices };
}

function objectOf(shape: Shape): JsonObject {
  if (shape.members.size === 0) return { type: "object" };
  const properties: JsonObject = {};
  for (const [name, member] of [...shape.members].sort(([a], [b]) => (a < b ? -1 : 1))) {
    setMember(properties, name, schemaOf(member));
  }
  return { type: "object", properties, additionalProperties: true };
}
