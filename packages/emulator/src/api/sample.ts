import type { Random } from "../core/random.ts";
import { merged, resolveRef, type Schema, type Schemas } from "./schema.ts";

/** Below this depth only required properties are written, and arrays stay empty. */
const MAX_DEPTH = 5;
const ARRAY_LENGTH = 2;
/** 2026-01-01T00:00:00Z: sample dates lie in the year after it, whatever the clock says. */
const SAMPLE_EPOCH_MS = 1_767_225_600_000;
const SAMPLE_SPAN_MS = 31_536_000_000;

export interface SampleOptions {
  readonly schemas: Schemas;
  readonly random: Random;
  /** Values for string properties of these names, wherever they occur: the ids the request named. */
  readonly hints?: Readonly<Record<string, string>>;
}

interface Place {
  readonly depth: number;
  /** Property name the value is written under. */
  readonly name: string;
  /** Schema names being written: a schema inside itself ends the nesting. */
  readonly inside: readonly string[];
}

function text(schema: Schema, place: Place, { random, hints }: SampleOptions): string {
  const hint = hints?.[place.name];
  if (hint !== undefined) return hint;
  switch (schema.format) {
    case "date-time":
      return new Date(SAMPLE_EPOCH_MS + random.int(SAMPLE_SPAN_MS)).toISOString();
    case "date":
      return new Date(SAMPLE_EPOCH_MS + random.int(SAMPLE_SPAN_MS)).toISOString().slice(0, 10);
    case "email":
      return `${random.hex(8)}@example.com`;
    case "uri":
    case "url":
      return `https://example.com/${random.hex(8)}`;
    case "uuid":
      return random.uuid();
  }
  const isId = /^_?id$|Id$|Ids$|_id$/.test(place.name);
  const plain = isId ? random.text(20) : `${place.name || "text"} ${random.hex(4)}`;
  const padded = plain.padEnd(schema.minLength ?? 0, "x");
  return schema.maxLength === undefined ? padded : padded.slice(0, schema.maxLength);
}

function number(schema: Schema, { random }: SampleOptions): number {
  const low = schema.minimum ?? Math.min(1, schema.maximum ?? 1);
  const high = schema.maximum ?? low + 99;
  return Math.ceil(low) <= Math.floor(high)
    ? Math.ceil(low) + random.int(Math.floor(high) - Math.ceil(low) + 1)
    : (low + high) / 2;
}

function object(schema: Schema, place: Place, options: SampleOptions): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!required.has(name) && (place.depth >= MAX_DEPTH || repeats(property, place))) continue;
    result[name] = value(property, { depth: place.depth + 1, name, inside: place.inside }, options);
  }
  return result;
}

/** Names of the schemas that a schema is, or is put together of. */
function refsOf(schema: Schema): readonly string[] {
  return [schema, ...(schema.allOf ?? [])].flatMap((part) => (part.$ref === undefined ? [] : [part.$ref]));
}

function repeats(schema: Schema, place: Place): boolean {
  return refsOf(schema).some((ref) => place.inside.includes(ref));
}

/** Required all the way down: no finite value exists. */
function isBottomless(schema: Schema, place: Place): boolean {
  return refsOf(schema).some((ref) => place.inside.filter((outer) => outer === ref).length > 1);
}

function array(schema: Schema, place: Place, options: SampleOptions): unknown[] {
  const items = schema.items;
  const ends = items === undefined || place.depth >= MAX_DEPTH || repeats(items, place);
  const wanted = Math.max(ends ? 0 : ARRAY_LENGTH, schema.minItems ?? 0);
  const length = Math.min(wanted, schema.maxItems ?? wanted);
  return Array.from({ length }, () => value(items ?? {}, { ...place, depth: place.depth + 1 }, options));
}

function kindOf(schema: Schema): string {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.find((type) => type !== "null") ?? types[0] ?? (schema.properties ? "object" : "any");
}

function value(schema: Schema, place: Place, options: SampleOptions): unknown {
  if (isBottomless(schema, place)) return {};
  const inner: Place = { ...place, inside: [...place.inside, ...refsOf(schema)] };
  if (schema.$ref !== undefined) return value(resolveRef(options.schemas, schema.$ref), inner, options);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined && schema.enum.length > 0) return schema.enum[options.random.int(schema.enum.length)];
  const choice = (schema.oneOf ?? schema.anyOf)?.find((member) => member.type !== "null");
  if (choice !== undefined) return value({ allOf: [...(schema.allOf ?? []), choice] }, place, options);
  if (schema.allOf !== undefined && schema.allOf.length > 0)
    return value(merged(schema, options.schemas), inner, options);
  switch (kindOf(schema)) {
    case "object":
      return object(schema, place, options);
    case "array":
      return array(schema, place, options);
    case "string":
      return text(schema, place, options);
    case "number":
    case "integer":
      return number(schema, options);
    case "boolean":
      return options.random.next() < 0.5;
    case "null":
      return null;
    default:
      return options.hints?.[place.name] ?? {};
  }
}

/** A value the schema allows, made of the random stream alone: same schema, same seed, same value. */
export function sample(schema: Schema, options: SampleOptions): unknown {
  return value(schema, { depth: 0, name: "", inside: [] }, options);
}
