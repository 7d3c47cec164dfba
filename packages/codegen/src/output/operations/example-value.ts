import { arrayAt, isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { resolvePointer } from "../../json/pointer.ts";
import type { Module, Schema } from "../ir/model.ts";

/** Nesting at which an example stops: a schema may contain itself. */
const MAX_DEPTH = 6;

/**
 * TypeScript text of the smallest value that a schema takes: required members only, `"…"` for a text, the first value of
 * an enum.
 *
 * @param without - Members of the outermost object to leave out
 */
export function exampleText(schema: Schema, module: Module, without: readonly string[] = []): string {
  return exampleOf(schema, module, { without, depth: 0 });
}

interface Position {
  readonly without: readonly string[];
  readonly depth: number;
}

function exampleOf(input: Schema, module: Module, { without, depth }: Position): string {
  const schema = resolved(input, module);
  const below = { without: [], depth: depth + 1 };
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const first = arrayAt(schema.enum)[0];
  if (first !== undefined) return JSON.stringify(first);
  const choices = [...arrayAt(schema.oneOf), ...arrayAt(schema.anyOf)].filter(isObject);
  const choice = choices.find(({ type }) => type !== "null");
  if (choice !== undefined && schema.properties === undefined) return exampleOf(choice, module, { without, depth });
  switch (typeOf(schema)) {
    case "string":
      return schema.format === "binary" ? "new Blob([])" : '"…"';
    case "number":
    case "integer":
      return "0";
    case "boolean":
      return "true";
    case "array":
      return tooDeep(schema, depth) ? "[]" : `[${exampleOf(objectAt(schema.items), module, below)}]`;
    case "object":
      return objectText(schema, module, { without, depth });
    default:
      return "{}";
  }
}

/** An array that may be empty is; one whose items would nest for ever ends. */
function tooDeep({ minItems, items }: JsonObject, depth: number): boolean {
  return items === undefined || depth >= MAX_DEPTH || typeof minItems !== "number" || minItems === 0;
}

function objectText(schema: JsonObject, module: Module, { without, depth }: Position): string {
  if (depth >= MAX_DEPTH) return "{}";
  const properties = objectAt(schema.properties);
  const members = arrayAt(schema.required)
    .filter((name): name is string => typeof name === "string" && !without.includes(name))
    .filter((name) => isObject(properties[name]) && objectAt(properties[name]).readOnly !== true)
    .map((name) => {
      const value = exampleOf(objectAt(properties[name]), module, { without: [], depth: depth + 1 });
      return `${memberName(name)}: ${value}`;
    });
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A name as it is written before a colon. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function typeOf(schema: JsonObject): string | undefined {
  const named = [schema.type].flat().find((type) => type !== "null");
  if (typeof named === "string") return named;
  if (schema.properties !== undefined) return "object";
  return schema.items === undefined ? undefined : "array";
}

/** The schema with its reference followed, and with the members of `allOf` in it. */
function resolved(schema: Schema, module: Module): JsonObject {
  let value = objectAt(schema as JsonObject);
  for (let hops = 0; typeof value.$ref === "string" && hops < MAX_DEPTH; hops++) {
    const target = resolvePointer({ components: { schemas: module.schemas as JsonObject } }, value.$ref);
    value = objectAt(target);
  }
  const parts = arrayAt(value.allOf).map((part) => resolved(objectAt(part), module));
  if (parts.length === 0) return value;
  const all = [value, ...parts];
  return Object.assign({}, ...all, {
    properties: Object.assign({}, ...all.map((part) => objectAt(part.properties))),
    required: [...new Set(all.flatMap((part) => arrayAt(part.required)))],
    allOf: undefined,
  }) as JsonObject;
}
