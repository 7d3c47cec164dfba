import { arrayAt, equalJson, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import type { RepairRule } from "./rule.ts";
import { schemaRule } from "./schema-rule.ts";

/** Keywords that say nothing about which values are valid. */
const PROSE = new Set(["title", "description", "example", "examples", "externalDocs"]);

export const typeAny = schemaRule(
  "type-any",
  "`any` is not a JSON Schema type; a schema without a type says the same.",
  (schema) => {
    if (schema.type !== "any") return false;
    delete schema.type;
    return true;
  },
);

export const schemaInSchema = schemaRule(
  "schema-in-schema",
  "A parameter-like `schema` member stands inside a schema, where it is no keyword; what it says and the schema does not is kept.",
  (schema) => {
    // a property may be called `schema`: only the keyword position reaches this point
    if (!isObject(schema.schema)) return false;
    const inner = schema.schema;
    delete schema.schema;
    for (const [key, value] of Object.entries(inner)) {
      if (schema[key] === undefined) schema[key] = value;
    }
    return true;
  },
);

export const arrayWithoutItems = schemaRule(
  "array-without-items",
  "An array does not say what it holds; its items are unknown.",
  (schema) => {
    if (schema.type !== "array" || schema.items !== undefined || schema.prefixItems !== undefined) return false;
    schema.items = {};
    return true;
  },
);

export const arrayOfBareArrays = schemaRule(
  "array-of-bare-arrays",
  "An array of arrays that hold nothing known is one array wrapped twice; items are typed by the example, else unknown.",
  (schema) => {
    if (schema.type !== "array" || !isObject(schema.items) || !equalJson(schema.items, { type: "array" })) return false;
    const types = new Set(arrayAt(schema.example).map(scalarType));
    const [type] = types;
    schema.items = types.size === 1 && type !== undefined ? { type } : {};
    return true;
  },
);

const siblings = schemaRule(
  "reference-siblings",
  "OpenAPI 3.0 ignores every keyword beside $ref, 3.1 does not; they are dropped so that the meaning stays.",
  (schema) => {
    if (typeof schema.$ref !== "string" || Object.keys(schema).length === 1) return false;
    const silent = Object.keys(schema).filter((key) => key !== "$ref");
    for (const key of silent) delete schema[key];
    return true;
  },
);

export const referenceSiblings: RepairRule = {
  ...siblings,
  apply: (document, context) => (String(document.openapi).startsWith("3.0") ? siblings.apply(document, context) : []),
};

/** Keywords beside a one-member allOf that do not narrow what the member already says. */
const WRAPPER = new Set([...PROSE, "allOf", "nullable", "type", "default", "deprecated", "readOnly", "writeOnly"]);

export const singleAllOf = schemaRule(
  "single-all-of",
  "allOf with one member wraps it only to carry a description or nullable; the member replaces it.",
  (schema) => {
    const members = arrayAt(schema.allOf);
    const member = members[0];
    if (members.length !== 1 || !isObject(member)) return false;
    if (!Object.keys(schema).every((key) => WRAPPER.has(key))) return false;
    delete schema.allOf;
    if (member.$ref !== undefined) delete schema.type;
    Object.assign(schema, member);
    return true;
  },
);

export const requiredUnknownProperty = schemaRule(
  "required-unknown-property",
  "`required` names a property that the schema does not describe; the name is dropped.",
  (schema) => {
    const required = arrayAt(schema.required);
    const properties = objectAt(schema.properties);
    // composed schemas may describe the property in another member
    if (required.length === 0 || schema.allOf !== undefined || !isObject(schema.properties)) return false;
    const known = required.filter((name) => typeof name === "string" && Object.hasOwn(properties, name));
    if (known.length === required.length) return false;
    if (known.length > 0) schema.required = known;
    else delete schema.required;
    return true;
  },
);

export const emptyProperties = schemaRule(
  "object-without-properties",
  "An object lists no properties: it is open, not empty. One form for all of them: `type: object` alone.",
  (schema) => {
    if (!isObject(schema.properties) || Object.keys(schema.properties).length > 0) return false;
    delete schema.properties;
    schema.type ??= "object";
    return true;
  },
);

export const scalarExampleOfObject = schemaRule(
  "scalar-example-of-object",
  "A value is typed object, its own example is a scalar (a date, a label); both types are kept.",
  (schema) => {
    if (schema.type !== "object" || schema.example === undefined) return false;
    if (schema.properties !== undefined || schema.additionalProperties !== undefined) return false;
    const type = scalarType(schema.example);
    if (type === undefined) return false;
    schema.type = ["object", type];
    return true;
  },
);

function scalarType(value: Json): "string" | "number" | "boolean" | undefined {
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : undefined;
}

export const wrongDefault = schemaRule(
  "wrong-default",
  "The default is not of the schema's type, or is a sentence; it is dropped.",
  (schema) => {
    if (schema.default === undefined || typeof schema.type !== "string") return false;
    if (matchesType(schema.default, schema) && !isSentence(schema.default)) return false;
    delete schema.default;
    return true;
  },
);

function matchesType(value: Json, schema: JsonObject): boolean {
  if (value === null) return schema.nullable === true;
  switch (schema.type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === schema.type;
  }
}

/** Real defaults are words, numbers or addresses; a long text with blanks is documentation under the wrong key. */
function isSentence(value: Json): boolean {
  return typeof value === "string" && value.length > 60 && value.includes(" ");
}
