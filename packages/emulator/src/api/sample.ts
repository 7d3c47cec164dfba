import type { Random } from "../core/random.ts";
import { flat, merged, resolveRef, type Schema, type Schemas } from "./schema.ts";
import type { Field } from "./values/field.ts";
import { FLAG_RULES, LIST_LENGTH, NUMBER_RULES, UNHAPPY } from "./values/number-rules.ts";
import { createPersona, type Persona } from "./values/persona.ts";
import { anyText, FORMATS, TEXT_RULES } from "./values/text-rules.ts";

/** Below this depth only required properties are written, and arrays stay empty. */
const MAX_DEPTH = 5;

export interface SampleOptions {
  readonly schemas: Schemas;
  readonly random: Random;
  /** Values for string properties of these names, wherever they occur: the ids the request named. */
  readonly hints?: Readonly<Record<string, string>>;
  /** Id of the record that the request names: the `id` of the answer, or of the one record inside it. */
  readonly subjectId?: string;
  /** Whether ids look as those of MongoDB do. Default: 20 letters and digits. */
  readonly mongoIds?: boolean;
}

interface Position {
  readonly depth: number;
  /** Property name the value is written under. */
  readonly name: string;
  /** Property, or at the top schema, that the value is a member of. */
  readonly owner: string;
  readonly siblings: ReadonlySet<string>;
  readonly persona: () => Persona;
  /** Depth at which an `id` is that of the record the request names. */
  readonly subjectDepth: number;
  /** Schema names being written: a schema inside itself ends the nesting. */
  readonly inside: readonly string[];
}

/** One person per object, made when a field first needs them. */
function personas(random: Random): () => Persona {
  let made: Persona | undefined;
  return () => {
    made ??= createPersona(random);
    return made;
  };
}

function fieldOf({ name, owner, siblings, persona }: Position, { random, mongoIds = false }: SampleOptions): Field {
  return { name, owner, siblings, random, persona, mongoIds };
}

function fitsLength(text: string, { minLength = 0, maxLength = Infinity }: Schema): boolean {
  return text.length >= minLength && text.length <= maxLength;
}

const isId = (name: string): boolean => name === "id" || name === "_id";

/** Value that the request gives a field: a parent's id wherever it occurs, the record's own id only in that record. */
function hinted({ name, depth, subjectDepth }: Position, { hints, subjectId }: SampleOptions): string | undefined {
  if (!isId(name)) return hints?.[name];
  return depth === subjectDepth ? subjectId : undefined;
}

function text(schema: Schema, position: Position, options: SampleOptions): string {
  const hint = hinted(position, options);
  if (hint !== undefined) return hint;
  const field = fieldOf(position, options);
  const make = FORMATS[schema.format ?? ""] ?? TEXT_RULES.find(([names]) => names.test(position.name))?.[1];
  const known = make?.(field);
  if (known !== undefined && fitsLength(known, schema)) return known;
  const padded = anyText(field).padEnd(schema.minLength ?? 0, "x");
  return schema.maxLength === undefined ? padded : padded.slice(0, schema.maxLength);
}

function number(schema: Schema, position: Position, options: SampleOptions): number {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const rule = NUMBER_RULES.find(([names]) => names.test(position.name))?.[1];
  const drawn = rule?.(fieldOf(position, options));
  const known = drawn !== undefined && kindOf(schema) === "integer" ? Math.round(drawn) : drawn;
  if (known !== undefined && known >= minimum && known <= maximum) return known;
  const low = schema.minimum ?? Math.min(1, schema.maximum ?? 1);
  const high = schema.maximum ?? low + 99;
  return Math.ceil(low) <= Math.floor(high)
    ? Math.ceil(low) + options.random.int(Math.floor(high) - Math.ceil(low) + 1)
    : (low + high) / 2;
}

function flag(position: Position, { random }: SampleOptions): boolean {
  return FLAG_RULES.find(([names]) => names.test(position.name))?.[1] ?? random.next() < 0.5;
}

/** One of the allowed values. A value of a failure is the last choice, since the request was accepted. */
function oneOf(allowed: readonly unknown[], { random }: SampleOptions): unknown {
  const happy = allowed.filter((one) => typeof one !== "string" || !UNHAPPY.test(one));
  const from = happy.length > 0 ? happy : allowed;
  return from[random.int(from.length)];
}

function object(schema: Schema, position: Position, options: SampleOptions): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  const result: Record<string, unknown> = {};
  const { depth, inside, subjectDepth } = position;
  const owner = position.name || (inside.at(-1) ?? "").replace(/^.*\//, "");
  const siblings = new Set(Object.keys(schema.properties ?? {}));
  const persona = personas(options.random);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!required.has(name) && (depth >= MAX_DEPTH || repeats(property, position))) continue;
    const member = { depth: depth + 1, name, owner, siblings, persona, inside, subjectDepth };
    result[name] = value(property, member, options);
  }
  return result;
}

/** Names of the schemas that a schema is, or is put together of. */
function refsOf(schema: Schema): readonly string[] {
  return [schema, ...(schema.allOf ?? [])].flatMap((part) => (part.$ref === undefined ? [] : [part.$ref]));
}

function repeats(schema: Schema, position: Position): boolean {
  return refsOf(schema).some((ref) => position.inside.includes(ref));
}

/** Required all the way down: no finite value exists. */
function isBottomless(schema: Schema, position: Position): boolean {
  return refsOf(schema).some((ref) => position.inside.filter((outer) => outer === ref).length > 1);
}

function array(schema: Schema, position: Position, options: SampleOptions): unknown[] {
  const items = schema.items;
  const ends = items === undefined || position.depth >= MAX_DEPTH || repeats(items, position);
  const preferred = Math.max(ends ? 0 : LIST_LENGTH, schema.minItems ?? 0);
  const length = Math.min(preferred, schema.maxItems ?? preferred);
  // The records of a list are none of them the one that the request names.
  const item: Position = { ...position, depth: position.depth + 1, subjectDepth: 0 };
  return Array.from({ length }, () => value(items ?? {}, item, options));
}

function kindOf(schema: Schema): string {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.find((type) => type !== "null") ?? types[0] ?? (schema.properties ? "object" : "any");
}

/** The document says nothing of the value: an id, an address or a time is known by its name, all else is an object. */
function untyped(position: Position, options: SampleOptions): unknown {
  const rule = TEXT_RULES.find(([names]) => names.test(position.name))?.[1];
  return hinted(position, options) ?? rule?.(fieldOf(position, options)) ?? {};
}

function value(schema: Schema, position: Position, options: SampleOptions): unknown {
  if (isBottomless(schema, position)) return {};
  const inner: Position = { ...position, inside: [...position.inside, ...refsOf(schema)] };
  if (schema.$ref !== undefined) return value(resolveRef(options.schemas, schema.$ref), inner, options);
  if (schema.const !== undefined) return schema.const;
  const known = schema.enum ?? schema["x-extensible-enum"] ?? [];
  if (known.length > 0) return oneOf(known, options);
  const choice = (schema.oneOf ?? schema.anyOf)?.find((member) => member.type !== "null");
  if (choice !== undefined) return value({ allOf: [...(schema.allOf ?? []), choice] }, position, options);
  if (schema.allOf !== undefined && schema.allOf.length > 0)
    return value(merged(schema, options.schemas), inner, options);
  switch (kindOf(schema)) {
    case "object":
      return object(schema, position, options);
    case "array":
      return array(schema, position, options);
    case "string":
      return text(schema, position, options);
    case "number":
    case "integer":
      return number(schema, position, options);
    case "boolean":
      return flag(position, options);
    case "null":
      return null;
    default:
      return untyped(position, options);
  }
}

/** A value the schema allows, made of the random stream alone: same schema, same seed, same value. */
export function sample(schema: Schema, options: SampleOptions): unknown {
  const persona = personas(options.random);
  const { properties = {} } = flat(schema, options.schemas);
  // An answer is the record, or an object with the record in it.
  const subjectDepth = Object.keys(properties).some(isId) ? 1 : 2;
  const top = { depth: 0, name: "", owner: "", siblings: new Set<string>(), persona, subjectDepth, inside: [] };
  return value(schema, top, options);
}
