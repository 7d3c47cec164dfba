import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, type Position, parsePointer, ROOT, resolvePointer } from "../../../json/pointer.ts";
import { kindOf } from "./kind.ts";

/** A schema and where it stands in its document. */
export interface SchemaAt {
  readonly schema: Json | undefined;
  readonly position: Position;
}

/** One thing that the type generated from a schema does not take of a value. */
export interface Misfit {
  readonly kind: "kind" | "enum" | "missing" | "closed";
  /**
   * The schema that refuses. For `kind` it is the one that the holder has, a reference included, so that another type can
   * stand beside it; else it is the schema that the reference leads to.
   */
  readonly by: SchemaAt;
  /** The refused value. For `missing` it is the object that lacks the member. */
  readonly value: Json;
  /** Path in the whole value, and what would be right there. */
  readonly path: string;
  readonly expected: string;
}

/** The types that a schema names, `integer` as the `number` that TypeScript knows; none where it takes any. */
export function typesOf(schema: JsonObject): string[] {
  const types = schema.type === undefined ? [] : Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => (type === "integer" ? "number" : String(type)));
}

/**
 * Finds the parts of a value that do not fit the type generated from a schema. Rules that types do not express (formats,
 * patterns, bounds) are ignored. For a union, the best alternative is reported, or the union itself when no alternative
 * accepts the kind of value.
 */
export function misfits(
  document: JsonObject,
  holder: SchemaAt,
  { value, path = "$" }: { readonly value: Json; readonly path?: string },
): Misfit[] {
  const target = follow(document, holder);
  if (!isObject(target.schema)) return [];
  const { schema, position } = target;
  const found = arrayAt(schema.allOf).flatMap((part, index) =>
    misfits(document, { schema: part, position: at(position, "allOf", index) }, { value, path }),
  );
  for (const keyword of ["oneOf", "anyOf"]) found.push(...choiceMisfits(document, target, { keyword, value, path }));
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes(kindOf(value))) {
    return [...found, { kind: "kind", by: holder, value, path, expected: types.join(" | ") }];
  }
  const members = schema.const === undefined ? arrayAt(schema.enum) : [schema.const];
  if (members.length > 0 && !members.includes(value)) {
    return [...found, { kind: "enum", by: target, value, path, expected: members.map(String).join(" | ") }];
  }
  if (Array.isArray(value)) {
    const items = { schema: schema.items, position: at(position, "items") };
    return [...found, ...value.flatMap((item) => misfits(document, items, { value: item, path: `${path}[]` }))];
  }
  return isObject(value) ? [...found, ...memberMisfits(document, target, { value, path })] : found;
}

/** The schema that a chain of references leads to. A chain longer than any real one is a circle. */
export function follow(document: JsonObject, holder: SchemaAt): SchemaAt {
  let current = holder;
  for (let hops = 0; hops < 20 && isObject(current.schema) && typeof current.schema.$ref === "string"; hops++) {
    const reference: string = current.schema.$ref;
    current = { schema: resolvePointer(document, reference), position: at(ROOT, ...(parsePointer(reference) ?? [])) };
  }
  return current;
}

function choiceMisfits(
  document: JsonObject,
  { schema, position }: SchemaAt,
  { keyword, value, path }: { keyword: string; value: Json; path: string },
): readonly Misfit[] {
  const choices = arrayAt(objectAt(schema)[keyword]);
  if (choices.length === 0) return [];
  const all = choices.map((choice, index) =>
    misfits(document, { schema: choice, position: at(position, keyword, index) }, { value, path }),
  );
  const kinds = all.map((found) => found.find((misfit) => misfit.kind === "kind" && misfit.path === path));
  if (kinds.every((misfit) => misfit !== undefined)) {
    const expected = kinds.map((misfit) => misfit?.expected).join(" | ");
    return [{ kind: "kind", by: { schema, position }, value, path, expected }];
  }
  const possible = all.filter((_, index) => kinds[index] === undefined);
  return possible.reduce((least, found) => (found.length < least.length ? found : least));
}

function memberMisfits(
  document: JsonObject,
  by: SchemaAt,
  { value, path }: { readonly value: JsonObject; readonly path: string },
): Misfit[] {
  const schema = objectAt(by.schema);
  const properties = objectAt(schema.properties);
  const found: Misfit[] = arrayAt(schema.required)
    .map(String)
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ kind: "missing", by, value, path: `${path}.${name}`, expected: name }));
  for (const [name, member] of Object.entries(value)) {
    const here = `${path}.${name}`;
    if (Object.hasOwn(properties, name)) {
      const property = { schema: properties[name], position: at(by.position, "properties", name) };
      found.push(...misfits(document, property, { value: member, path: here }));
    } else if (isObject(schema.additionalProperties)) {
      const rest = { schema: schema.additionalProperties, position: at(by.position, "additionalProperties") };
      found.push(...misfits(document, rest, { value: member, path: here }));
    } else if (schema.additionalProperties === false) {
      found.push({ kind: "closed", by, value: member, path: here, expected: "no such member" });
    }
  }
  return found;
}
