/** What schemas of the admin API are made of. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const timeMs: Schema = { type: "integer", format: "int64", description: "Milliseconds since 1970." };
export const nullable = (type: string): Schema => ({ type: [type, "null"] });
export const list = (items: Schema): Schema => ({ type: "array", items });

/** Every property is required; absence is null. */
export const record = (properties: Readonly<Record<string, Schema>>, description?: string): Schema => ({
  type: "object",
  ...(description === undefined ? {} : { description }),
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const page = (item: string): Schema =>
  record({
    items: list(ref(item)),
    nextCursor: { ...nullable("string"), description: "Give it as cursor for the next page; null on the last one." },
  });

export const resource = record({
  kind: { type: "string", enum: ["location", "company"] },
  id: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
});

export const resources: Schema = {
  anyOf: [{ ...list(ref("Resource")), minItems: 1, maxItems: 100 }, { type: "null" }],
  description: "Null: every installation of the app. A company does not stand for its locations.",
};

export const query = (name: string, schema: Schema) => ({ name, in: "query", required: false, schema });
