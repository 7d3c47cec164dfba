import { resolveRef, type Schema, type Schemas } from "../../src/api/schema.ts";

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function typeFits(schema: Schema, value: unknown): boolean {
  if (schema.type === undefined) return true;
  const types = typeof schema.type === "string" ? [schema.type] : schema.type;
  return types.includes(typeOf(value)) || (types.includes("integer") && Number.isInteger(value));
}

function boundsFit(schema: Schema, value: unknown): boolean {
  if (typeof value === "number") return value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value);
  if (typeof value === "string")
    return value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity);
  if (Array.isArray(value))
    return value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity);
  return true;
}

/** The schemas that references lead to, and the path of the value. */
interface Document {
  readonly schemas: Schemas;
  readonly at?: string;
}

/** A second opinion on samples, written independently of them: where a value does not fit its schema. */
export function breaches(schema: Schema, value: unknown, { schemas, at = "$" }: Document): string[] {
  if (schema.$ref !== undefined) return breaches(resolveRef(schemas, schema.$ref), value, { schemas, at });
  const found: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${at}: not in the enum`);
  if (!typeFits(schema, value)) found.push(`${at}: ${typeOf(value)}, not ${String(schema.type)}`);
  if (!boundsFit(schema, value)) found.push(`${at}: out of bounds`);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined && !choices.some((choice) => breaches(choice, value, { schemas, at }).length === 0))
    found.push(`${at}: fits none of the choices`);
  for (const part of schema.allOf ?? []) found.push(...breaches(part, value, { schemas, at }));
  if (Array.isArray(value) && schema.items !== undefined)
    for (const [index, item] of value.entries())
      found.push(...breaches(schema.items, item, { schemas, at: `${at}[${index}]` }));
  if (typeOf(value) === "object") {
    const members = value as Record<string, unknown>;
    for (const name of schema.required ?? []) if (!Object.hasOwn(members, name)) found.push(`${at}.${name}: missing`);
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (Object.hasOwn(members, name))
        found.push(...breaches(property, members[name], { schemas, at: `${at}.${name}` }));
  }
  return found;
}
