import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import type { Position } from "../../../json/pointer.ts";
import { isOpenApi30, type LintContext, type LintRule } from "../rule.ts";

type Find = (schema: JsonObject, position: Position, context: LintContext) => string | boolean;

function schemaRule(name: string, why: string, find: Find): LintRule {
  return { name, why, check: { on: "schema", find } };
}

const COMPOSITIONS = ["allOf", "oneOf", "anyOf"];
const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object"]);
/** Keywords from which a type follows though none is named. */
const TYPE_KEYWORDS = [
  "type",
  "$ref",
  "enum",
  "const",
  "properties",
  "items",
  "not",
  "additionalProperties",
  ...COMPOSITIONS,
];

const isComposed = (schema: JsonObject): boolean => COMPOSITIONS.some((keyword) => schema[keyword] !== undefined);
const hasHtml = (text: Json | undefined): boolean => typeof text === "string" && /<\/?[a-z][^<>]*>/i.test(text);

export const schemaRules: readonly LintRule[] = [
  schemaRule("ref-with-siblings", "OpenAPI 3.0 ignores keywords beside $ref; tools differ.", (schema) => {
    if (typeof schema.$ref !== "string") return false;
    return Object.keys(schema)
      .filter((key) => key !== "$ref")
      .join(", ");
  }),
  schemaRule(
    "allOf-single",
    "allOf with one member is a wrapper for a description or nullable.",
    (schema) => arrayAt(schema.allOf).length === 1,
  ),
  schemaRule("object-without-properties", "An object about which nothing is said.", (schema) => {
    if (schema.type !== "object" || isComposed(schema)) return false;
    return Object.keys(objectAt(schema.properties)).length === 0 && schema.additionalProperties === undefined;
  }),
  schemaRule("array-without-items", "An array must say what it holds.", (schema) => {
    return schema.type === "array" && schema.items === undefined;
  }),
  schemaRule("array-of-array", "Mostly one array wrapped twice by the tool that wrote the document.", (schema) => {
    return schema.type === "array" && objectAt(schema.items).type === "array";
  }),
  schemaRule("schema-typeless", "The schema has no keyword that implies a type.", (schema) => {
    return (
      Object.keys(schema).length > 0 &&
      !TYPE_KEYWORDS.some((keyword) => schema[keyword] !== undefined) &&
      Object.keys(schema).join(", ")
    );
  }),
  schemaRule("type-invalid", "Not a type of JSON Schema.", (schema, _, context) => {
    const isNull = schema.type === "null" && !isOpenApi30(context);
    return typeof schema.type === "string" && !TYPES.has(schema.type) && !isNull && schema.type;
  }),
  schemaRule("nullable", "nullable exists in OpenAPI 3.0 only.", (schema, _, context) => {
    return schema.nullable === true && (context.api !== "" || !isOpenApi30(context));
  }),
  schemaRule("nullable-without-type", "nullable has no effect without a type beside it.", (schema) => {
    return schema.nullable === true && schema.type === undefined && Object.keys(schema).join(", ");
  }),
  schemaRule("default-type-mismatch", "The default is not of the schema's own type.", (schema) => {
    return (
      schema.default !== undefined &&
      isMistyped(schema.default, schema) &&
      `${schema.type} ${JSON.stringify(schema.default)}`
    );
  }),
  schemaRule("example-contradicts-type", "The example is not of the schema's own type.", (schema) => {
    return (
      schema.example !== undefined && isMistyped(schema.example, schema) && `${schema.type} ${short(schema.example)}`
    );
  }),
  schemaRule("required-names-unknown-property", "required names what the schema does not describe.", (schema) => {
    if (!isObject(schema.properties) || schema.allOf !== undefined) return false;
    const properties = schema.properties;
    return arrayAt(schema.required)
      .filter((name) => typeof name === "string" && !Object.hasOwn(properties, name))
      .join(", ");
  }),
  schemaRule(
    "keyword-not-in-3.0:schema",
    "schema is no keyword inside a schema.",
    (schema) => schema.schema !== undefined,
  ),
  schemaRule("keyword-not-in-3.0:examples", "examples is no keyword of an OpenAPI 3.0 schema.", (schema) => {
    return schema.examples !== undefined;
  }),
  schemaRule("property-name-not-identifier", "The property cannot be written after a dot.", (_, position) => {
    return position.parent?.key === "properties" && !/^[A-Za-z_$][\w$]*$/.test(position.key) && position.key;
  }),
  schemaRule("html-in-schema-description", "The description is HTML.", (schema) => hasHtml(schema.description)),
];

function isMistyped(value: Json, schema: JsonObject): boolean {
  if (value === null) return false;
  switch (schema.type) {
    case "string":
    case "boolean":
      return typeof value !== schema.type;
    case "number":
    case "integer":
      return typeof value !== "number";
    case "array":
      return !Array.isArray(value);
    case "object":
      return !isObject(value);
    default:
      return false;
  }
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
