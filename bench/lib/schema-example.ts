/** The parts of an OpenAPI 3.1 schema that decide what a value of it looks like. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** `components.schemas` of the document. */
export type Schemas = Readonly<Record<string, Schema>>;

const MAX_DEPTH = 12;

/**
 * Smallest value of a schema, as TypeScript source: required properties only. What is too deep or unclear becomes
 * `undefined as never`, which fits everywhere.
 */
export function exampleText(schema: Schema | undefined, schemas: Schemas, depth = 0): string {
  if (schema === undefined || depth > MAX_DEPTH) return "undefined as never";
  const next = (inner: Schema | undefined): string => exampleText(inner, schemas, depth + 1);
  if (schema.$ref !== undefined) return next(schemas[schema.$ref.split("/").at(-1)!]);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return JSON.stringify(schema.enum.find((value) => value !== null) ?? null);
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice !== undefined) return next(choice[0]);
  if (schema.allOf !== undefined) return `Object.assign(${["{}", ...schema.allOf.map(next)].join(", ")})`;
  const type = typeof schema.type === "object" ? schema.type.find((name) => name !== "null") : schema.type;
  if (type === "string") return schema.format === "binary" ? "undefined as never" : '"x"';
  if (type === "number" || type === "integer") return "1";
  if (type === "boolean") return "true";
  if (type === "array") return "[]";
  if (type !== "object" && schema.properties === undefined) return "undefined as never";
  const members = (schema.required ?? []).map((name) => `${JSON.stringify(name)}: ${next(schema.properties?.[name])}`);
  return `{ ${members.join(", ")} }`;
}
