import { arrayAt, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import { at, type Place, pointerOf, ROOT } from "../../../json/pointer.ts";
import { InvalidWebhooksError } from "./error.ts";
import type { ScalarType, WebhookField, WebhookSchema, WebhookShape } from "./model.ts";

const SCHEMA_PREFIX = "#/components/schemas/";
const SCALARS: Readonly<Record<string, ScalarType>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
  object: "object",
};

export function fail(place: Place, message: string): never {
  throw new InvalidWebhooksError(message, { pointer: pointerOf(place) });
}

export function memberObject(parent: JsonObject, key: string, place: Place): JsonObject {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return isObject(value) ? value : fail(at(place, key), "must be an object");
}

/** Strings of an optional list member. */
export function stringList(parent: JsonObject, key: string, place: Place): string[] | undefined {
  const value = parent[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    return fail(at(place, key), "must be a list of strings");
  }
  return value;
}

/** The name behind `{ $ref: "#/components/schemas/<name>" }`, undefined when the value is no reference. */
export function schemaReference(value: Json | undefined, place: Place): string | undefined {
  if (!isObject(value) || value.$ref === undefined) return undefined;
  const target = value.$ref;
  if (typeof target !== "string" || !target.startsWith(SCHEMA_PREFIX)) fail(place, `must point into ${SCHEMA_PREFIX}`);
  return target.slice(SCHEMA_PREFIX.length);
}

/** `anyOf` of one named schema and one shape without a name: an object, or what stands in its place. */
function readUnion(choices: readonly Json[], place: Place): WebhookShape {
  const shapes = choices.map((choice, index) => readShape(choice, at(place, index)));
  const [named, other] = shapes;
  if (shapes.length !== 2 || named?.schema === undefined || other?.schema !== undefined) {
    return fail(place, "must be one reference, then one schema without a name");
  }
  return { ...other, scalars: other?.scalars ?? [], schema: named.schema };
}

function readShape(value: Json | undefined, place: Place): WebhookShape {
  if (!isObject(value)) fail(place, "must be a schema object");
  if (Array.isArray(value.anyOf)) return readUnion(value.anyOf, at(place, "anyOf"));
  const schema = schemaReference(value, place);
  if (schema !== undefined) return { scalars: [], schema };
  const types = value.type === undefined ? [] : Array.isArray(value.type) ? value.type : [value.type];
  const scalars: ScalarType[] = [];
  let items: WebhookShape | undefined;
  for (const type of types) {
    if (type === "array")
      items = value.items === undefined ? { scalars: [] } : readShape(value.items, at(place, "items"));
    else if (typeof type === "string" && Object.hasOwn(SCALARS, type)) scalars.push(SCALARS[type] as ScalarType);
    else fail(at(place, "type"), `"${String(type)}" is not a type of JSON Schema`);
  }
  if (isObject(value.properties)) fail(at(place, "properties"), "give an object with fields a schema of its own");
  const known = stringList(value, "enum", place);
  return {
    scalars: [...new Set(scalars)],
    ...(items === undefined ? {} : { items }),
    ...(known === undefined ? {} : { known }),
    ...(typeof value.format === "string" ? { format: value.format } : {}),
  };
}

function readFields(body: JsonObject, place: Place): WebhookField[] {
  const required = stringList(body, "required", place) ?? [];
  const properties = body.properties === undefined ? {} : memberObject(body, "properties", place);
  for (const name of required) {
    if (!Object.hasOwn(properties, name)) fail(at(place, "required"), `"${name}" is not among the properties`);
  }
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    required: required.includes(name),
    shape: readShape(shape, at(place, "properties", name)),
  }));
}

/** One member of `components.schemas`: an object, or `allOf` of one named schema and an object. */
export function readWebhookSchema(name: string, schema: JsonObject): WebhookSchema {
  const place = at(ROOT, "components", "schemas", name);
  const parts = arrayAt(schema.allOf);
  if (schema.allOf !== undefined && parts.length !== 2) fail(at(place, "allOf"), "must be [reference, object]");
  const base = schemaReference(parts[0], at(place, "allOf", 0));
  if (parts.length > 0 && base === undefined) fail(at(place, "allOf", 0), "must be a reference");
  const body = parts.length > 0 ? parts[1] : schema;
  const bodyPlace = parts.length > 0 ? at(place, "allOf", 1) : place;
  if (!isObject(body) || body.type !== "object") fail(bodyPlace, "must have type object");
  const fields = readFields(body, bodyPlace);
  const markers = stringList(schema, "x-markers", place) ?? [];
  for (const marker of markers) {
    if (!fields.some((field) => field.name === marker)) fail(at(place, "x-markers"), `no field "${marker}"`);
  }
  return {
    name,
    description: typeof schema.description === "string" ? schema.description : undefined,
    base,
    open: body.additionalProperties === true,
    fields,
    markers,
  };
}

/** Every schema name a shape reaches directly. */
export function shapeReferences(shape: WebhookShape): string[] {
  return [...(shape.schema === undefined ? [] : [shape.schema]), ...(shape.items ? shapeReferences(shape.items) : [])];
}
