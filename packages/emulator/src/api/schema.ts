/** The part of JSON Schema (OpenAPI 3.1) that the distilled documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  /** Values that are known, of more that there may be. */
  readonly "x-extensible-enum"?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export type Schemas = Readonly<Record<string, Schema>>;

/** Follows `#/components/schemas/Name` (or any pointer that ends in the name) once. */
export function resolveRef(schemas: Schemas, ref: string): Schema {
  const name = decodeURIComponent(ref.slice(ref.lastIndexOf("/") + 1))
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  const schema = schemas[name];
  if (schema === undefined) throw new TypeError(`schema not found in the emulator's data: ${name}`);
  return schema;
}

function join(whole: Schema, part: Schema): Schema {
  return {
    ...whole,
    ...part,
    properties: { ...whole.properties, ...part.properties },
    required: [...(whole.required ?? []), ...(part.required ?? [])],
  };
}

/** One schema out of `allOf` and its siblings; later members win where both set a keyword. */
export function merged(schema: Schema, schemas: Schemas): Schema {
  const { allOf = [], ...own } = schema;
  let whole: Schema = {};
  for (const part of [...allOf, own]) {
    const target: Schema = part.$ref === undefined ? part : resolveRef(schemas, part.$ref);
    whole = join(whole, target.allOf === undefined ? target : merged(target, schemas));
  }
  return whole;
}

/** The schema that a reference or an `allOf` stands for. */
export function flat(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref !== undefined) return flat(resolveRef(schemas, schema.$ref), schemas);
  return schema.allOf === undefined ? schema : merged(schema, schemas);
}
