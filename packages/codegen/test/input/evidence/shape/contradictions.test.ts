import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Contradiction,
  contradictions,
  type Direction,
} from "../../../../src/input/evidence/shape/contradictions.ts";
import { shapeOf } from "../../../../src/input/evidence/shape/shape.ts";
import type { Json, JsonObject } from "../../../../src/json/json.ts";
import { at, ROOT } from "../../../../src/json/pointer.ts";

const schemas: JsonObject = {
  Contact: {
    type: "object",
    required: ["id", "phone"],
    properties: {
      id: { type: "string" },
      phone: { type: "string" },
      kind: { type: "string", enum: ["lead", "customer"] },
    },
  },
};

/** The contradictions of values with a schema of a document that has `Contact`. */
function check(schema: Json, values: readonly Json[], direction: Direction = "answer"): Contradiction[] {
  const document: JsonObject = { components: { schemas }, schema };
  const slot = { holder: document, key: "schema", position: at(ROOT, "schema") };
  return contradictions({ document, slot }, shapeOf(values, { values: true }), direction);
}

const brief = (found: readonly Contradiction[]) => found.map(({ kind, path }) => `${kind} ${path}`);
const CONTACT = { $ref: "#/components/schemas/Contact" };

describe("contradictions", () => {
  test("contradictions name the position, the schema and the observed value", () => {
    expect(check({ type: "array", items: CONTACT }, [[{ id: "a" }, { id: "b", phone: null }]])).toEqual([
      {
        kind: "missing_required",
        path: "$[].phone",
        pointer: "#/components/schemas/Contact",
        detail: "required, seen 1 of 2 times",
      },
      {
        kind: "null",
        path: "$[].phone",
        pointer: "#/components/schemas/Contact/properties/phone",
        detail: "string, seen null",
      },
    ]);
  });

  test.each<[string, Json, Json, string[]]>([
    ["another kind", CONTACT, { id: 1, phone: "1" }, ["kind $.id"]],
    ["a value that an enum lacks", CONTACT, { id: "a", phone: "1", kind: "friend" }, ["closed_enum $.kind"]],
    ["a member nobody describes", CONTACT, { id: "a", phone: "1", email: "x" }, ["unknown_field $.email"]],
    [
      "a member that is forbidden",
      { type: "object", properties: {}, additionalProperties: false },
      { a: 1 },
      ["closed_object $.a"],
    ],
    [
      "a member of a map that is of another kind",
      { type: "object", additionalProperties: { type: "number" } },
      { a: "x" },
      ["kind $.a"],
    ],
    ["an answer inside a member", CONTACT, { contact: { id: "a", phone: "1" }, traceId: "t" }, ["envelope $.contact"]],
    [
      "an answer without the member that is described",
      { type: "object", properties: { contact: CONTACT } },
      { id: "a", phone: "1" },
      ["envelope $"],
    ],
    [
      "an answer inside a member of another name",
      { type: "object", properties: { person: CONTACT } },
      { contact: { id: "a", phone: "1" } },
      ["envelope $.contact"],
    ],
    [
      "what a whole composition lacks",
      { allOf: [CONTACT, { type: "object", required: ["tag"] }] },
      { id: "a", phone: "1" },
      ["missing_required $.tag"],
    ],
  ])("contradictions are found in %s", (_, schema, value, expected) => {
    expect(brief(check(schema, [value]))).toEqual(expected);
  });

  test("a union accepts a value when any of its members fits", () => {
    const union = {
      anyOf: [CONTACT, { type: "object", required: ["name"], properties: { name: { type: "string" } } }],
    };
    expect(check(union, [{ name: "x" }, { id: "a", phone: "1" }])).toEqual([]);
    expect(brief(check({ anyOf: [CONTACT, { type: "null" }] }, [null, "x"]))).toEqual(["kind $"]);
  });

  test("contradictions are not found in an answer for write-only members, nor in a request for read-only ones", () => {
    const schema = {
      type: "object",
      required: ["secret", "id"],
      properties: { secret: { type: "string", writeOnly: true }, id: { type: "string", readOnly: true } },
    };
    expect(brief(check(schema, [{ id: "a" }], "answer"))).toEqual([]);
    expect(brief(check(schema, [{ secret: "s" }], "request"))).toEqual([]);
    expect(brief(check(schema, [{}], "request"))).toEqual(["missing_required $.secret"]);
  });

  test("contradictions are not found where a schema says nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(check(true, [value as Json])).toEqual([]);
      }),
    );
  });
});
