import { arrayAt, byCodeUnit, equalJson, isObject, type Json, type JsonObject, sortMembers } from "../../json/json.ts";
import type { Alternative, Property, TypeName } from "./alternative-model.ts";
import { intersect } from "./intersect.ts";
import type { Base, Node, SchemaSource } from "./node.ts";

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

/** Beyond this many forms a union is not multiplied out any further; the rest of it is compared as it stands. */
const MAX_FORMS = 64;

/** Every form a value of the node may take. */
export function alternativesOf(source: SchemaSource, node: Node): readonly Alternative[] {
  const forms = formsOf(source, node, new Set());
  return forms === undefined ? [] : simplify(forms);
}

function formsOf(source: SchemaSource, node: Node, met: ReadonlySet<string>): Alternative[] | undefined {
  const bases = source.expand(node, met);
  if (bases === undefined) return undefined;
  let forms: Alternative[] = [ANYTHING];
  for (const base of bases) forms = cross(source, forms, formsOfBase(source, base));
  return forms;
}

export const ANYTHING: Alternative = {
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

function cross(source: SchemaSource, a: readonly Alternative[], b: readonly Alternative[]): Alternative[] {
  const joined = new Map<string, Alternative>();
  for (const x of a) {
    for (const y of b) {
      const form = intersect(x, y);
      if (form !== undefined && joined.size < MAX_FORMS) joined.set(keyOf(source, form), form);
    }
  }
  return [...joined.values()];
}

/** Forms with the same key demand the same: multiplying them out would only repeat them. */
function keyOf(source: SchemaSource, form: Alternative): string {
  const id = (node: Node | false | undefined): string => (node ? source.id(node) : String(node));
  const properties = [...form.properties].map(([name, { node }]) => `${JSON.stringify(name)}:${id(node)}`);
  return JSON.stringify([
    form.type,
    form.label ?? null,
    form.values ?? null,
    sortMembers(form.rules),
    sortMembers(form.opaque),
    properties.sort(byCodeUnit),
    [...form.required.keys()].sort(byCodeUnit),
    id(form.others),
    id(form.items),
  ]);
}

function formsOfBase(source: SchemaSource, { schema, home, met }: Base): Alternative[] {
  if (schema === true) return [ANYTHING];
  if (schema === false) return [];
  let forms = typesOf(schema).map((type) => formOf(source, schema, { type, home }));
  for (const keyword of ["oneOf", "anyOf"]) {
    const members = arrayAt(schema[keyword]);
    if (members.length === 0) continue;
    const inner = members.flatMap((member) => {
      const label = source.reference([member]);
      const own = formsOf(source, [member], met) ?? [];
      return own.map((form) => ({ ...form, label: label ?? form.label }));
    });
    forms = cross(source, forms, inner);
  }
  return forms;
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

function formOf(
  source: SchemaSource,
  schema: JsonObject,
  { type, home }: { readonly type: TypeName; readonly home: string | undefined },
): Alternative {
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
function simplify(forms: readonly Alternative[]): readonly Alternative[] {
  if (forms.length < 2) return forms;
  if (forms.some(isAnything)) return [ANYTHING];
  const kept: Alternative[] = [];
  for (const form of forms) {
    const twin = isBare(form) ? kept.findIndex((other) => isBare(other) && other.type === form.type) : -1;
    const other = kept[twin];
    if (other === undefined) kept.push(form);
    else kept[twin] = { ...other, values: unite(other.values, form.values) };
  }
  const number = kept.some((form) => form.type === "number" && isBare(form) && form.values === undefined);
  return number ? kept.filter((form) => form.type !== "integer" || !isBare(form)) : kept;
}

export function isAnything(form: Alternative): boolean {
  return form.type === "any" && isBare(form) && form.values === undefined;
}

/** Nothing is said but the type and, maybe, the values. */
function isBare(form: Alternative): boolean {
  return (
    Object.keys(form.rules).length + Object.keys(form.opaque).length + form.properties.size + form.required.size ===
      0 &&
    form.others === undefined &&
    form.items === undefined
  );
}

function unite(a: readonly Json[] | undefined, b: readonly Json[] | undefined): Json[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  return [...a, ...b.filter((value) => !a.some((other) => equalJson(other, value)))];
}

/** `string`, `Card`, `"a" | "b"`: a form in few words. */
export function describe(forms: readonly Alternative[]): string {
  if (forms.length === 0) return "never";
  const words = forms.map(({ label, type, values }) => {
    if (label !== undefined && (type === "object" || type === "array")) return label;
    return values !== undefined && values.length < 6 ? values.map((value) => JSON.stringify(value)).join(" | ") : type;
  });
  return [...new Set(words)].sort(byCodeUnit).join(" | ");
}
