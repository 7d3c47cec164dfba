import { arrayAt, isObject, type Json, type JsonObject, setMember, sortMembers } from "../../json/json.ts";
import { EXAMPLES } from "../evidence/examples/examples.ts";

/** Keywords that carry one schema, a list of schemas, or schemas by name. */
const SINGLE = new Set(["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"]);
const LISTS = new Set(["allOf", "oneOf", "anyOf", "prefixItems"]);
const MAPS = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Keywords that constrain the value. Everything else is prose, or is translated here. */
const COUNTED_FOLDER = [
  "const",
  "default",
  "format",
  "contentEncoding",
  "contentMediaType",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "discriminator",
  "deprecated",
  "readOnly",
  "writeOnly",
  // of an overlay: what the generated type is called, where no rule finds the word
  "x-type-name",
];

/** Order of keywords in the output. `properties` come late: they are long. */
const ORDER = [
  "$ref",
  "type",
  "enum",
  ...COUNTED_FOLDER,
  "allOf",
  "oneOf",
  "anyOf",
  "not",
  "if",
  "then",
  "else",
  "items",
  "prefixItems",
  "contains",
  "required",
  "properties",
  "patternProperties",
  "propertyNames",
  "additionalProperties",
  "dependentSchemas",
  EXAMPLES,
];

/** A schema of OpenAPI 3.0 or 3.1 as canonical 3.1, without prose. The input is left alone. */
export function distilSchema(schema: Json | undefined): Json {
  if (typeof schema === "boolean") return schema;
  if (!isObject(schema)) return {};
  const translated = exclusiveBounds(nullableToType(schema));
  const result: JsonObject = {};
  for (const keyword of ORDER) {
    const value = translated[keyword];
    if (value !== undefined) result[keyword] = distilKeyword(keyword, value);
  }
  if (Array.isArray(result.required)) {
    if (result.required.length === 0) delete result.required;
    else result.required = [...new Set(result.required)].sort();
  }
  if (result.deprecated === false) delete result.deprecated;
  // `true` and `{}` both are what an object without the keyword says
  if (result.additionalProperties === true || isEmpty(result.additionalProperties)) {
    if (result.properties === undefined && result.type !== undefined) delete result.additionalProperties;
    else result.additionalProperties = true;
  }
  return result;
}

function distilKeyword(keyword: string, value: Json): Json {
  if (SINGLE.has(keyword)) return distilSchema(value);
  if (LISTS.has(keyword)) return arrayAt(value).map(distilSchema);
  if (MAPS.has(keyword) && isObject(value)) {
    const result: JsonObject = {};
    for (const name of Object.keys(value).sort()) setMember(result, name, distilSchema(value[name]));
    return result;
  }
  return keyword === EXAMPLES ? value : sortMembers(value);
}

function isEmpty(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

const COMPOSITIONS = ["allOf", "oneOf", "anyOf"];

/** `nullable: true` of 3.0 as 3.1 says it. */
function nullableToType(schema: JsonObject): JsonObject {
  if (schema.nullable !== true) return schema;
  const { nullable: _, ...rest } = schema;
  // beside a composition the type alone does not let null through: every member would have to
  if (rest.type !== undefined && !COMPOSITIONS.some((keyword) => rest[keyword] !== undefined)) {
    const types = Array.isArray(rest.type) ? rest.type : [rest.type];
    const result: JsonObject = { ...rest, type: types.includes("null") ? types : [...types, "null"] };
    if (Array.isArray(rest.enum) && !rest.enum.includes(null)) result.enum = [...rest.enum, null];
    return result;
  }
  const { default: preset, deprecated, readOnly, writeOnly, [EXAMPLES]: examples, description: __, ...core } = rest;
  const kept = Object.entries({ default: preset, deprecated, readOnly, writeOnly, [EXAMPLES]: examples }).filter(
    ([, value]) => value !== undefined,
  );
  // without any constraint null is valid anyway
  if (!ORDER.some((keyword) => core[keyword] !== undefined)) return rest;
  const annotations = Object.fromEntries(kept) as JsonObject;
  if (Array.isArray(core.anyOf) && ORDER.filter((keyword) => core[keyword] !== undefined).length === 1) {
    return { ...annotations, anyOf: [...core.anyOf, { type: "null" }] };
  }
  return { ...annotations, anyOf: [core, { type: "null" }] };
}

/** `exclusiveMinimum: true` of 3.0 as 3.1 says it. */
function exclusiveBounds(schema: JsonObject): JsonObject {
  if (typeof schema.exclusiveMinimum !== "boolean" && typeof schema.exclusiveMaximum !== "boolean") return schema;
  const result = { ...schema };
  for (const [flag, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof result[flag] !== "boolean") continue;
    const limit = result[bound];
    if (result[flag] === true && limit !== undefined) {
      result[flag] = limit;
      delete result[bound];
    } else {
      delete result[flag];
    }
  }
  return result;
}
