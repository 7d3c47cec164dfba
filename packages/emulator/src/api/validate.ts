import { isObject } from "@ghl-edge/core";
import { merged, resolveRef, type Schema, type Schemas } from "./schema.ts";

/** Form of the values: typed, as in JSON, or all as text, as in a query or a form. */
export type Spelling = "typed" | "text";

interface Check {
  readonly schemas: Schemas;
  readonly spelling: Spelling;
  /** Members the schema does not name are no breach. */
  readonly open?: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "must be a string",
  number: "must be a number conforming to the specified constraints",
  integer: "must be an integer number",
  boolean: "must be a boolean value",
  array: "must be an array",
  object: "must be an object",
};

function typesOf(schema: Schema): readonly string[] {
  if (schema.type === undefined) return schema.properties === undefined ? [] : ["object"];
  return typeof schema.type === "string" ? [schema.type] : schema.type;
}

function fitsType(type: string, value: unknown, spelling: Spelling): boolean {
  if (spelling === "text" && typeof value === "string") {
    if (type === "number" || type === "integer") return value.trim() !== "" && Number.isFinite(Number(value));
    if (type === "boolean") return value === "true" || value === "false";
    // One value of a list, or an object somebody has written into a query in a way of their own
    if (type === "array" || type === "object") return true;
  }
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

function boundProblems(schema: Schema, value: unknown, name: string): string[] {
  const found: string[] = [];
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  if (typeof value === "number") {
    if (minimum !== undefined && value < minimum) found.push(`${name} must not be less than ${minimum}`);
    if (maximum !== undefined && value > maximum) found.push(`${name} must not be greater than ${maximum}`);
  }
  if (typeof value === "string") {
    if (minLength !== undefined && value.length < minLength)
      found.push(`${name} must be longer than or equal to ${minLength} characters`);
    if (maxLength !== undefined && value.length > maxLength)
      found.push(`${name} must be shorter than or equal to ${maxLength} characters`);
  }
  if (Array.isArray(value)) {
    if (minItems !== undefined && value.length < minItems)
      found.push(`${name} must contain at least ${minItems} elements`);
    if (maxItems !== undefined && value.length > maxItems)
      found.push(`${name} must contain no more than ${maxItems} elements`);
  }
  return found;
}

/** A value with the name that messages give it. */
interface Named<Value = unknown> {
  readonly value: Value;
  /** Path such as `address.city`; `""` for the whole body. */
  readonly name: string;
}

function enumProblems(schema: Schema, { value, name }: Named, spelling: Spelling): string[] {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed === undefined || allowed.length === 0) return [];
  const same = (one: unknown): boolean => one === value || (spelling === "text" && String(one) === value);
  return allowed.some(same) ? [] : [`${name} must be one of the following values: ${allowed.join(", ")}`];
}

function memberProblems(schema: Schema, { value, name }: Named<Record<string, unknown>>, check: Check): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const at = (member: string): string => (name === "" ? member : `${name}.${member}`);
  const found: string[] = [];
  for (const [member, property] of Object.entries(properties)) {
    const given = value[member];
    // A member that may be left out may be null too: so HighLevel's framework reads "optional".
    if (given === undefined || (given === null && !required.includes(member))) {
      if (required.includes(member)) found.push(...missing(property, at(member), check));
    } else found.push(...problems(property, { value: given, name: at(member) }, check));
  }
  for (const member of required)
    if (!Object.hasOwn(properties, member) && value[member] === undefined)
      found.push(`${at(member)} should not be empty`);
  const closed =
    !check.open &&
    schema.properties !== undefined &&
    (additionalProperties === undefined || additionalProperties === false);
  for (const [member, given] of Object.entries(value)) {
    if (Object.hasOwn(properties, member)) continue;
    if (closed) found.push(`property ${at(member)} should not exist`);
    else if (typeof additionalProperties === "object")
      found.push(...problems(additionalProperties, { value: given, name: at(member) }, check));
  }
  return found;
}

function missing(schema: Schema, name: string, { schemas }: Check): string[] {
  const target = schema.$ref === undefined ? schema : resolveRef(schemas, schema.$ref);
  return [`${name} ${WORDS[typesOf(target)[0] ?? ""] ?? "should not be empty"}`];
}

/**
 * Returns the breaches of a schema in the words of HighLevel's 422 answers. A general validator such as `@cfworker/json-schema` has neither
 * these messages nor queries and forms as text.
 */
export function problems(schema: Schema, named: Named, check: Check): string[] {
  const { value, name } = named;
  if (schema.$ref !== undefined) return problems(resolveRef(check.schemas, schema.$ref), named, check);
  if (schema.allOf !== undefined) return problems(merged(schema, check.schemas), named, check);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    const all = choices.map((choice) => problems(choice, named, check));
    if (all.some((found) => found.length === 0)) return [];
    // The alternative that fits best explains the most.
    return all.reduce((best, found) => (found.length < best.length ? found : best));
  }
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => fitsType(type, value, check.spelling)))
    return [`${name} ${WORDS[types.find((type) => type !== "null") ?? ""] ?? "must be null"}`];
  const found = [...enumProblems(schema, named, check.spelling), ...boundProblems(schema, value, name)];
  if (isObject(value)) found.push(...memberProblems(schema, { value, name }, check));
  if (Array.isArray(value) && schema.items !== undefined)
    for (const [index, item] of value.entries())
      found.push(
        ...problems(schema.items, { value: item, name: name === "" ? `${index}` : `${name}.${index}` }, check),
      );
  return found;
}
