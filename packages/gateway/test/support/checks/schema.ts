import { openApiDocument } from "../../../src/http/admin/openapi.ts";

export const schemas: Readonly<Record<string, Schema>> = openApiDocument().components.schemas as never;

type Schema = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

function ofObject(value: Readonly<Record<string, unknown>>, schema: Schema, at: string): string[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const missing = ((schema.required ?? []) as string[]).filter((name) => !Object.hasOwn(value, name));
  const found = Object.entries(value).flatMap(([name, member]) => {
    if (properties[name] !== undefined) return mismatches(member, properties[name], `${at}/${name}`);
    const other = schema.additionalProperties ?? true;
    if (typeof other === "object") return mismatches(member, other as Schema, `${at}/${name}`);
    return other ? [] : [`${at}/${name} is not documented`];
  });
  return [...missing.map((name) => `${at}/${name} is missing`), ...found];
}

/** Lists where an answer differs from the document of the admin API. It supports only the keywords that this document uses. */
export function mismatches(value: unknown, schema: Schema, at = ""): string[] {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return schemas[name] === undefined ? [`${at}: no schema ${name}`] : mismatches(value, schemas[name], at);
  }
  if (Array.isArray(schema.anyOf)) {
    const each = (schema.anyOf as Schema[]).map((one) => mismatches(value, one, at));
    return each.some((found) => found.length === 0) ? [] : each.flat();
  }
  const types = [schema.type].flat() as string[];
  if (!types.some((type) => TYPES[type]?.(value))) return [`${at} is not ${types.join(" or ")}`];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return [`${at} is none of its values`];
  if (Array.isArray(value)) return value.flatMap((item, i) => mismatches(item, schema.items as Schema, `${at}/${i}`));
  if (typeof value === "object" && value !== null) return ofObject(value as Record<string, unknown>, schema, at);
  return [];
}
