import { expect, test } from "vitest";
import { distilSchema } from "../../../src/input/distil/schema.ts";
import type { Json } from "../../../src/json/json.ts";

const REF = "#/components/schemas/B";

test.each<[string, Json, Json]>([
  [
    "prose goes",
    {
      type: "string",
      title: "T",
      description: "D",
      example: "E",
      examples: ["E"],
      externalDocs: {},
      xml: {},
      "x-a": 1,
    },
    { type: "string" },
  ],
  [
    "a property called description stays",
    { properties: { description: { type: "string" } } },
    { properties: { description: { type: "string" } } },
  ],
  ["nullable with a type", { type: "string", nullable: true }, { type: ["string", "null"] }],
  [
    "nullable with an enum",
    { type: "string", nullable: true, enum: ["a"] },
    { type: ["string", "null"], enum: ["a", null] },
  ],
  ["nullable with two types", { type: ["object", "string"], nullable: true }, { type: ["object", "string", "null"] }],
  ["nullable reference", { $ref: REF, nullable: true }, { anyOf: [{ $ref: REF }, { type: "null" }] }],
  ["nullable anyOf", { anyOf: [{ $ref: REF }], nullable: true }, { anyOf: [{ $ref: REF }, { type: "null" }] }],
  [
    "nullable reference keeps its annotations outside",
    { $ref: REF, nullable: true, default: null, deprecated: true, description: "D" },
    { default: null, deprecated: true, anyOf: [{ $ref: REF }, { type: "null" }] },
  ],
  ["nullable anything", { nullable: true, description: "D" }, {}],
  ["nullable: false", { type: "string", nullable: false }, { type: "string" }],
  [
    "exclusive bounds of 3.0",
    { type: "number", minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    { type: "number", maximum: 9, exclusiveMinimum: 1 },
  ],
  ["exclusive bounds of 3.1", { type: "number", exclusiveMinimum: 1 }, { type: "number", exclusiveMinimum: 1 }],
  ["an open object", { type: "object", additionalProperties: true }, { type: "object" }],
  ["an open object, said with {}", { type: "object", additionalProperties: {} }, { type: "object" }],
  [
    "open beside properties",
    { type: "object", properties: { a: {} }, additionalProperties: {} },
    { type: "object", properties: { a: {} }, additionalProperties: true },
  ],
  ["closed", { type: "object", additionalProperties: false }, { type: "object", additionalProperties: false }],
  [
    "values of a map",
    { type: "object", additionalProperties: { type: "string", title: "T" } },
    { type: "object", additionalProperties: { type: "string" } },
  ],
  ["required is a set", { required: ["b", "a", "b"], properties: {} }, { required: ["a", "b"], properties: {} }],
  ["required nothing", { required: [] }, {}],
  ["deprecated: false", { type: "string", deprecated: false }, { type: "string" }],
  ["boolean schemas", { not: false, items: true }, { not: false, items: true }],
  ["no schema", "x", {}],
])("a schema is distilled to its meaning: %s", (_, schema, expected) => {
  const before = structuredClone(schema);
  expect(distilSchema(schema)).toEqual(expected);
  expect(schema).toEqual(before);
});

test("keywords have one order, properties are sorted, enum values keep theirs", () => {
  const text = JSON.stringify(
    distilSchema({ properties: { b: { enum: ["z", "a"], type: "string" }, a: {} }, type: "object", required: ["b"] }),
  );
  expect(text).toBe('{"type":"object","required":["b"],"properties":{"a":{},"b":{"type":"string","enum":["z","a"]}}}');
});
