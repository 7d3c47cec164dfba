import { arrayAt, byCodeUnit, equalJson, isObject, type Json, type JsonObject, sortMembers } from "../../json/json.ts";
import { intersect } from "./intersect.ts";
import type { Base, Node, SchemaSource } from "./node.ts";
import type { Property, TypeName, Variant } from "./variant-model.ts";

const RULES: Readonly<Record<string, readonly TypeName[]>> = {
  format: ["string", "number", "integer"],
  pattern: ["string"],
  minLength: ["string"],
  maxLength: ["string"],
  contentEncoding: ["string"],
  contentMediaType: ["string"],
  minimum: ["number", "integer"],
  maximum: ["number", "integer"],
  exclusiveMinimum: ["number", "integer"],
  exclusiveMaximum: ["number", "integer"],
  multipleOf: ["number", "integer"],
  minItems: ["array"],
  maxItems: ["array"],
  uniqueItems: ["array"],
  minProperties: ["object"],
  maxProperties: ["object"],
};

const OPAQUE: Readonly<Record<string, readonly TypeName[]>> = {
  prefixItems: ["array"],
  contains: ["array"],
  patternProperties: ["object"],
  propertyNames: ["object"],
  dependentSchemas: ["object"],
  not: [],
  if: [],
  // biome-ignore lint/suspicious/noThenProperty: the keyword's name
  then: [],
  else: [],
};

/** Beyond this many variants a union is not multiplied out any further; the rest of it is compared as it stands. */
const MAX_VARIANTS = 64;

/** Every variant a value of the node may take. */
export function variantsOf(source: SchemaSource, node: Node): readonly Variant[] {
  const variants = expandVariants(source, node, new Set());
  return variants === undefined ? [] : simplify(variants);
}

function expandVariants(source: SchemaSource, node: Node, met: ReadonlySet<string>): Variant[] | undefined {
  const bases = source.expand(node, met);
  if (bases === undefined) return undefined;
  let variants: Variant[] = [ANYTHING];
  for (const base of bases) variants = cross(source, variants, variantsOfBase(source, base));
  return variants;
}

export const ANYTHING: Variant = {
  type: "any",
  label: undefined,
  values: undefined,
  rules: {},
  opaque: {},
  properties: new Map(),
  required: new Map(),
  others: undefined,
  items: undefined,
  discriminator: undefined,
};

function cross(source: SchemaSource, a: readonly Variant[], b: readonly Variant[]): Variant[] {
  const joined = new Map<string, Variant>();
  for (const x of a) {
    for (const y of b) {
      const variant = intersect(x, y);
      if (variant !== undefined && joined.size < MAX_VARIANTS) joined.set(keyOf(source, variant), variant);
    }
  }
  return [...joined.values()];
}

/** Variants with the same key demand the same: multiplying them out would only repeat them. */
function keyOf(source: SchemaSource, variant: Variant): string {
  const id = (node: Node | false | undefined): string => (node ? source.id(node) : String(node));
  const properties = [...variant.properties].map(([name, { node }]) => `${JSON.stringify(name)}:${id(node)}`);
  return JSON.stringify([
    variant.type,
    variant.label ?? null,
    variant.values ?? null,
    sortMembers(variant.rules),
    sortMembers(variant.opaque),
    properties.sort(byCodeUnit),
    [...variant.required.keys()].sort(byCodeUnit),
    id(variant.others),
    id(variant.items),
  ]);
}

function variantsOfBase(source: SchemaSource, { schema, home, met }: Base): Variant[] {
  if (schema === true) return [ANYTHING];
  if (schema === false) return [];
  let variants = typesOf(schema).map((type) => variantOfType(source, schema, { type, home }));
  for (const keyword of ["oneOf", "anyOf"]) {
    const members = arrayAt(schema[keyword]);
    if (members.length === 0) continue;
    const inner = members.flatMap((member) => {
      const label = source.reference([member]);
      const own = expandVariants(source, [member], met) ?? [];
      return own.map((variant) => ({ ...variant, label: label ?? variant.label }));
    });
    variants = cross(source, variants, inner);
  }
  return variants;
}

function typesOf(schema: JsonObject): TypeName[] {
  if (typeof schema.type === "string") return [schema.type as TypeName];
  if (Array.isArray(schema.type)) return [...new Set(schema.type)] as TypeName[];
  if (schema.const !== undefined) return [typeOfValue(schema.const)];
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map(typeOfValue))];
  if (isObject(schema.properties) || isObject(schema.additionalProperties)) return ["object"];
  return schema.items === undefined ? ["any"] : ["array"];
}

function typeOfValue(value: Json): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "number" ? (Number.isInteger(value) ? "integer" : "number") : (type as TypeName);
}

function variantOfType(
  source: SchemaSource,
  schema: JsonObject,
  { type, home }: { readonly type: TypeName; readonly home: string | undefined },
): Variant {
  const has = (only: TypeName): boolean => type === only || type === "any";
  const pick = (table: Readonly<Record<string, readonly TypeName[]>>): Record<string, Json> => {
    const found: Record<string, Json> = {};
    for (const [keyword, types] of Object.entries(table)) {
      const value = schema[keyword];
      if (value === undefined || value === false) continue;
      if (type === "any" || types.length === 0 || types.includes(type)) found[keyword] = sortMembers(value);
    }
    return found;
  };
  const properties = new Map<string, Property>();
  const required = new Map<string, string | undefined>();
  let others: Node | false | undefined;
  if (has("object")) {
    if (isObject(schema.properties)) {
      for (const [name, value] of Object.entries(schema.properties)) properties.set(name, { node: [value], home });
    }
    for (const name of arrayAt(schema.required)) required.set(String(name), home);
    if (schema.additionalProperties === false) others = false;
    else if (schema.additionalProperties !== undefined && !saysNothing(source, [schema.additionalProperties])) {
      others = [schema.additionalProperties];
    }
  }
  return {
    type,
    label: undefined,
    values: valuesOf(schema, type),
    rules: pick(RULES),
    opaque: pick(OPAQUE),
    properties,
    required,
    others,
    items: has("array") && schema.items !== undefined ? [schema.items] : undefined,
    discriminator: schema.discriminator,
  };
}

/** Whether any value will do. An object whose other properties may be anything is what it is without saying so. */
function saysNothing(source: SchemaSource, node: Node): boolean {
  const bases = source.expand(node) ?? [];
  return bases.every(({ schema }) => schema === true || (isObject(schema) && Object.keys(schema).length === 0));
}

function valuesOf(schema: JsonObject, type: TypeName): Json[] | undefined {
  const list = schema.const === undefined ? schema.enum : [schema.const];
  if (!Array.isArray(list) || type === "null") return undefined;
  const values = list.filter((value) => {
    const found = typeOfValue(value);
    return type === "any" || found === type || (type === "number" && found === "integer");
  });
  // a list that has no value of its type was not meant as one
  const fitting = values.length === 0 ? list.filter((value) => value !== null) : values;
  if (type === "boolean" && fitting.includes(true) && fitting.includes(false)) return undefined;
  return fitting;
}

/** `anyOf` of two lists of texts is one list of texts; `integer` beside `number` says nothing. */
function simplify(variants: readonly Variant[]): readonly Variant[] {
  if (variants.length < 2) return variants;
  if (variants.some(isAnything)) return [ANYTHING];
  const kept: Variant[] = [];
  for (const variant of variants) {
    const twin = isBare(variant) ? kept.findIndex((other) => isBare(other) && other.type === variant.type) : -1;
    const other = kept[twin];
    if (other === undefined) kept.push(variant);
    else kept[twin] = { ...other, values: unite(other.values, variant.values) };
  }
  const number = kept.some((variant) => variant.type === "number" && isBare(variant) && variant.values === undefined);
  return number ? kept.filter((variant) => variant.type !== "integer" || !isBare(variant)) : kept;
}

export function isAnything(variant: Variant): boolean {
  return variant.type === "any" && isBare(variant) && variant.values === undefined;
}

/** Nothing is said but the type and, maybe, the values. */
function isBare(variant: Variant): boolean {
  return (
    Object.keys(variant.rules).length +
      Object.keys(variant.opaque).length +
      variant.properties.size +
      variant.required.size ===
      0 &&
    variant.others === undefined &&
    variant.items === undefined
  );
}

function unite(a: readonly Json[] | undefined, b: readonly Json[] | undefined): Json[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  return [...a, ...b.filter((value) => !a.some((other) => equalJson(other, value)))];
}

/** `string`, `Card`, `"a" | "b"`: a variant in few words. */
export function describe(variants: readonly Variant[]): string {
  if (variants.length === 0) return "never";
  const words = variants.map(({ label, type, values }) => {
    if (label !== undefined && (type === "object" || type === "array")) return label;
    return values !== undefined && values.length < 6 ? values.map((value) => JSON.stringify(value)).join(" | ") : type;
  });
  return [...new Set(words)].sort(byCodeUnit).join(" | ");
}
