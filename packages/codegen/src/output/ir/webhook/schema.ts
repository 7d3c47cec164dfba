import { didYouMean } from "@ghl-edge/core";
import { arrayAt, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../../json/pointer.ts";
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

export function fail(position: Position, message: string): never {
  throw new InvalidWebhooksError(message, { pointer: pointerOf(position) });
}

export function memberObject(parent: JsonObject, key: string, position: Position): JsonObject {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return isObject(value) ? value : fail(at(position, key), "must be an object");
}

/** Strings of an optional list member. */
export function stringList(parent: JsonObject, key: string, position: Position): string[] | undefined {
  const value = parent[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    return fail(at(position, key), "must be a list of strings");
  }
  return value;
}

/** The name behind `{ $ref: "#/components/schemas/<name>" }`, undefined when the value is no reference. */
export function schemaReference(value: Json | undefined, position: Position): string | undefined {
  if (!isObject(value) || value.$ref === undefined) return undefined;
  const target = value.$ref;
  if (typeof target !== "string" || !target.startsWith(SCHEMA_PREFIX))
    fail(position, `must point into ${SCHEMA_PREFIX}`);
  return target.slice(SCHEMA_PREFIX.length);
}

/** `anyOf` of one named schema and one shape without a name: an object, or what stands in its place. */
function readUnion(choices: readonly Json[], position: Position): WebhookShape {
  const shapes = choices.map((choice, index) => readShape(choice, at(position, index)));
  const [named, other] = shapes;
  if (shapes.length !== 2 || named?.schema === undefined || other?.schema !== undefined) {
    return fail(position, "must be one reference, then one schema without a name");
  }
  return { ...other, scalars: other?.scalars ?? [], schema: named.schema };
}

function readShape(value: Json | undefined, position: Position): WebhookShape {
  if (!isObject(value)) fail(position, "must be a schema object");
  if (Array.isArray(value.anyOf)) return readUnion(value.anyOf, at(position, "anyOf"));
  const schema = schemaReference(value, position);
  if (schema !== undefined) return { scalars: [], schema };
  const types = value.type === undefined ? [] : Array.isArray(value.type) ? value.type : [value.type];
  const scalars: ScalarType[] = [];
  let items: WebhookShape | undefined;
  for (const type of types) {
    if (type === "array")
      items = value.items === undefined ? { scalars: [] } : readShape(value.items, at(position, "items"));
    else if (typeof type === "string" && Object.hasOwn(SCALARS, type)) scalars.push(SCALARS[type] as ScalarType);
    else fail(at(position, "type"), `must be a type of JSON Schema, got "${String(type)}"`);
  }
  if (isObject(value.properties))
    fail(at(position, "properties"), "must be absent: an object with fields needs a schema of its own");
  const known = stringList(value, "enum", position);
  return {
    scalars: [...new Set(scalars)],
    ...(items === undefined ? {} : { items }),
    ...(known === undefined ? {} : { known }),
    ...(typeof value.format === "string" ? { format: value.format } : {}),
  };
}

function readFields(body: JsonObject, position: Position): WebhookField[] {
  const required = stringList(body, "required", position) ?? [];
  const properties = body.properties === undefined ? {} : memberObject(body, "properties", position);
  for (const name of required) {
    if (!Object.hasOwn(properties, name))
      fail(at(position, "required"), `unknown field "${name}"${didYouMean(name, Object.keys(properties))}`);
  }
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    required: required.includes(name),
    shape: readShape(shape, at(position, "properties", name)),
  }));
}

/** One member of `components.schemas`: an object, or `allOf` of one named schema and an object. */
export function readWebhookSchema(name: string, schema: JsonObject): WebhookSchema {
  const position = at(ROOT, "components", "schemas", name);
  const parts = arrayAt(schema.allOf);
  if (schema.allOf !== undefined && parts.length !== 2) fail(at(position, "allOf"), "must be [reference, object]");
  const base = schemaReference(parts[0], at(position, "allOf", 0));
  if (parts.length > 0 && base === undefined) fail(at(position, "allOf", 0), "must be a reference");
  const body = parts.length > 0 ? parts[1] : schema;
  const bodyPosition = parts.length > 0 ? at(position, "allOf", 1) : position;
  if (!isObject(body) || body.type !== "object") fail(bodyPosition, "must have type object");
  const fields = readFields(body, bodyPosition);
  const markers = stringList(schema, "x-markers", position) ?? [];
  const names = fields.map((field) => field.name);
  for (const marker of markers) {
    if (!names.includes(marker))
      fail(at(position, "x-markers"), `unknown field "${marker}"${didYouMean(marker, names)}`);
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
