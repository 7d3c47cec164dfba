import fc from "fast-check";
import type { SpecDocument } from "../../../src/compare/read/document.ts";
import { distil } from "../../../src/input/distil/distil.ts";
import { arrayAt, type JsonObject, objectAt } from "../../../src/json/json.ts";

const NAMES = ["id", "name", "price", "a.b", "items", "__proto__x"];
const SCHEMAS = ["Node", "Leaf", "Money"];

const name = fc.constantFrom(...NAMES);
const reference = fc.constantFrom(...SCHEMAS).map((one): JsonObject => ({ $ref: `#/components/schemas/${one}` }));

const text = fc.record(
  { type: fc.constant("string"), format: fc.constantFrom("date", "uuid"), maxLength: fc.nat(9) },
  { requiredKeys: ["type"] },
) as fc.Arbitrary<JsonObject>;

/**
 * No field in two members: unions that are demanded twice multiply, and are compared only as far as 64 forms go. That
 * two members may share a field is in the table of single changes.
 */
function ownFields(member: JsonObject, index: number): JsonObject {
  if (index === 0) return member;
  const prefix = (name: string): string => `${index}${name}`;
  const properties = Object.entries(objectAt(member.properties)).map(([name, value]) => [prefix(name), value] as const);
  const required = arrayAt(member.required).map((name) => prefix(String(name)));
  return { ...member, properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }) };
}

const { schema, object } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.constantFrom<JsonObject>({ type: "integer" }, { type: "number" }, { type: "boolean" }, {}),
    fc.constantFrom<JsonObject>({ type: ["string", "null"] }, { type: ["object", "string"] }, { type: "object" }),
    fc
      .uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 })
      .map((values): JsonObject => ({ type: "string", enum: values })),
    reference,
    tie("schema").map((items): JsonObject => ({ type: "array", items })),
    tie("object"),
    tie("schema").map((additionalProperties): JsonObject => ({ type: "object", additionalProperties })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((oneOf): JsonObject => ({ oneOf })),
    fc
      .array(tie("object"), { minLength: 1, maxLength: 2 })
      .map((allOf): JsonObject => ({ allOf: allOf.map(ownFields) })),
    reference.map((one): JsonObject => ({ anyOf: [one, { type: "null" }] })),
  ),
  object: fc
    .tuple(fc.dictionary(name, tie("schema"), { maxKeys: 3 }), fc.subarray(NAMES))
    .map(([properties, required]): JsonObject => {
      const known = required.filter((one) => Object.hasOwn(properties, one));
      return { type: "object", properties, ...(known.length === 0 ? {} : { required: known }) };
    }),
}));

const operation = fc
  .record({
    parameters: fc.uniqueArray(
      fc.record({ name, in: fc.constantFrom("query", "header"), required: fc.boolean(), schema }),
      { maxLength: 3, selector: (one) => `${one.in} ${one.name}` },
    ),
    body: fc.option(fc.record({ required: fc.boolean(), schema })),
    answer: schema,
    status: fc.constantFrom("200", "404"),
  })
  .map(
    ({ parameters, body, answer, status }): JsonObject => ({
      parameters,
      ...(body === null
        ? {}
        : { requestBody: { required: body.required, content: { "application/json": { schema: body.schema } } } }),
      responses: { [status]: { description: "", content: { "application/json": { schema: answer } } } },
    }),
  );

/** A schema that is nothing but itself says nothing. */
const notReference = schema.filter((one) => one.$ref === undefined);

/** Any OpenAPI document of a few operations and three schemas that may hold each other. */
export const anyDocument: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 3 }), object, notReference, object)
  .map(
    ([operations, Node, Leaf, Money]): JsonObject => ({
      openapi: "3.1.0",
      info: { title: "any", version: "1" },
      paths: Object.fromEntries(operations.map((value, index) => [`/p${index}`, { post: value }])),
      components: { schemas: { Node, Leaf, Money } },
    }),
  );

/** The document as `diff` compares it. */
export function specDocument(document: JsonObject): SpecDocument {
  const value = distil(document, { title: "any", version: "1" });
  return {
    name: "any",
    api: "",
    module: "any",
    file: "any.json",
    value,
    prose: undefined,
    events: false,
    unread: new Map(),
  };
}
