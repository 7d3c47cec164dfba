import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyExamples } from "../../../../src/input/evidence/examples/apply-examples.ts";
import { parseFindings, printFindings } from "../../../../src/input/evidence/examples/example-file.ts";
import { findInExamples } from "../../../../src/input/evidence/examples/example-shapes.ts";
import { EXAMPLES, examplesOf, usesAt, usesOf } from "../../../../src/input/evidence/examples/examples.ts";
import { notAValue } from "../../../../src/input/evidence/examples/not-a-value.ts";
import { misfits } from "../../../../src/input/evidence/shape/misfit.ts";
import type { Json, JsonObject } from "../../../../src/json/json.ts";
import { pointerOf, resolvePointer } from "../../../../src/json/pointer.ts";
import { thing } from "../../../support/examples.ts";

const THING = "#/components/schemas/Thing";
const REQUEST: JsonObject = {
  requestBody: { content: { "application/json": { schema: { $ref: THING } } } },
};

/** The schema `Thing` as it is generated from, after what its examples show. */
function widened(schema: JsonObject, more: JsonObject = {}): Json | undefined {
  const document = thing(schema, more);
  return resolvePointer(applyExamples(withoutExamples(document), findInExamples(document), "examples.json"), THING);
}

/** Returns the document as `sync` writes it. */
function withoutExamples(document: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(document, (key, member) => (key === EXAMPLES ? undefined : member))) as JsonObject;
}

const property = (schema: JsonObject): JsonObject => ({ type: "object", properties: { a: schema } });

describe("examples are found", () => {
  test("examples are found on schemas, media types and parameters, in every form, with their schema", () => {
    const document = thing(
      { type: "object", example: { a: 1 }, properties: { a: { type: "string", examples: ["x", "y"] } } },
      {
        parameters: [
          { name: "q", in: "query", example: "q1", schema: { type: "string", example: "q2" } },
          {
            name: "r",
            in: "query",
            examples: { one: { value: "r1" }, two: { $ref: "#/x" } },
            schema: { type: "string" },
          },
        ],
        requestBody: { content: { "application/json": { example: { a: "body" }, schema: { $ref: THING } } } },
      },
    );
    const found = [...examplesOf(document)].map(
      ({ position, value }) => `${pointerOf(position)} ${JSON.stringify(value)}`,
    );
    expect(found).toEqual([
      `${THING} {"a":1}`,
      `${THING}/properties/a "x"`,
      `${THING}/properties/a "y"`,
      '#/paths/~1things/get/parameters/0/schema "q2"',
      '#/paths/~1things/get/parameters/0/schema "q1"',
      '#/paths/~1things/get/parameters/1/schema "r1"',
      '#/paths/~1things/get/requestBody/content/application~1json/schema {"a":"body"}',
    ]);
    const uses = usesOf(document);
    expect(usesAt(`${THING}/properties/a`, uses)).toEqual(new Set(["request", "answer"]));
    expect(usesAt("#/paths/~1things/get/parameters/0/schema", uses)).toEqual(new Set(["parameter"]));
  });

  test("nullable schemas keep the position that they have without examples", () => {
    const schema = { properties: { a: { nullable: true, allOf: [{ type: "string" }, {}] } } };
    const plain = thing({ type: "object", ...structuredClone(schema) });
    const marked = thing({ type: "object", properties: { a: { ...schema.properties.a, example: "x" } } });
    expect(withoutExamples(marked)).toEqual(plain);
  });
});

describe("a schema takes what its examples show", () => {
  test.each<[string, JsonObject, JsonObject]>([
    ["a number written as text", { type: "number", example: "10" }, { type: ["number", "string"] }],
    ["null", { type: "boolean", example: null }, { type: ["boolean", "null"] }],
    ["another member of an enum", { type: "string", enum: ["a"], example: "b" }, { type: "string", enum: ["a", "b"] }],
    [
      "a list beside one value of an enum",
      { type: "string", enum: ["a", "b"], example: ["a", "b"] },
      {
        anyOf: [
          { type: "string", enum: ["a", "b"] },
          { type: "array", items: { type: "string", enum: ["a", "b"] } },
        ],
      },
    ],
    [
      "one item beside the list",
      { type: "array", items: { type: "string", enum: ["a"] }, example: "a" },
      {
        anyOf: [
          { type: "array", items: { type: "string", enum: ["a"] } },
          { type: "string", enum: ["a"] },
        ],
      },
    ],
    [
      "the possible values of an object that is not described",
      { type: "object", example: ["in", "out"] },
      { anyOf: [{ type: "object" }, { type: "string" }, { type: "array", items: { type: "string" } }] },
    ],
    [
      "a text beside a formatted value",
      { type: "number", format: "double", example: "1" },
      { anyOf: [{ type: "number", format: "double" }, { type: "string" }] },
    ],
  ])("a schema is widened by its example: %s", (_, before, after) => {
    expect(widened(property(before))).toEqual(property(after));
  });

  const items = { type: "array", items: { type: "string" }, example: [{ id: "1", qty: 2 }, { id: null }] };
  const shape = {
    type: "object",
    properties: { id: { type: ["string", "null"] }, qty: { type: "number" } },
    additionalProperties: true,
  };

  test("texts of an answer that are objects in every example are objects, open for more", () => {
    expect(widened(property(items))).toEqual(property({ type: "array", items: shape }));
  });

  test("texts of a request stay texts beside the objects of the examples", () => {
    expect(widened(property(items), REQUEST)).toEqual(
      property({ type: "array", items: { anyOf: [{ type: "string" }, shape] } }),
    );
  });

  test("a member that a whole example lacks is optional", () => {
    const required = { type: "object", required: ["a", "b"], properties: { a: { type: "string" }, b: {} } };
    expect(widened({ ...required, example: { a: "x" } })).toEqual({ ...required, required: ["a"] });
    const { required: _, ...optional } = required;
    expect(widened({ ...required, example: {} })).toEqual(optional);
  });

  test("another type stands beside a reference, not in the schema that others refer to", () => {
    const document = thing({
      type: "object",
      properties: { a: { $ref: THING, example: "none" }, b: { $ref: THING } },
    });
    const applied = applyExamples(withoutExamples(document), findInExamples(document), "examples.json");
    expect(resolvePointer(applied, `${THING}/properties`)).toEqual({
      a: { anyOf: [{ $ref: THING }, { type: "string" }] },
      b: { $ref: THING },
    });
  });
});

describe("an example that is no value changes nothing", () => {
  test.each<[string, JsonObject, string]>([
    ["source code", { type: "array", items: { type: "string" }, example: "[ 'a' ]" }, "written as text"],
    ["a sentence", { type: "string", enum: ["a", "b"], example: "a or b" }, "a sentence"],
    ["the enum itself", { type: "string", enum: ["a", "b"], example: { A: "a" } }, "declaration"],
    [
      "one item",
      { type: "array", items: { type: "object", properties: { id: { type: "string" } } }, example: { id: "1" } },
      "one item",
    ],
    [
      "alternatives",
      { type: "object", properties: { id: { type: "string" } }, example: [{ id: "1" }, { id: "2" }] },
      "possible values",
    ],
  ])("an example that is no value changes nothing: %s", (_, schema, reason) => {
    const document = thing(property(schema));
    const [example] = examplesOf(document);
    const [misfit] = example === undefined ? [] : misfits(document, example, { value: example.value });
    expect(misfit === undefined ? undefined : notAValue(document, misfit)).toContain(reason);
    expect(findInExamples(document).size).toBe(0);
  });
});

describe("the file of the findings", () => {
  const document = thing(
    property({ type: "array", items: { type: "string" }, example: [{ id: "1", "the name": null }] }),
  );

  test("the file of the findings contains no value but those of an enum", () => {
    const text = printFindings(new Map([["v3/things", findInExamples(document)]]));
    expect(text).toBe(
      [
        "{",
        ' "format": 1,',
        ' "documents": {',
        '  "v3/things": {',
        `   "${THING}/properties/a/items": {"paths":{"$":{"object":1},"$.id":{"string":1},"$[\\"the name\\"]":{"null":1}}}`,
        "  }",
        " }",
        "}",
        "",
      ].join("\n"),
    );
  });

  test("the file of the findings is refused with the position when it names a schema that is gone", () => {
    const findings = parseFindings(
      { format: 1, documents: { "v3/things": { "#/components/schemas/Gone": { absent: ["a"] } } } },
      "examples.json",
    );
    expect(() => applyExamples(document, findings.get("v3/things") ?? new Map(), "examples.json")).toThrow(
      expect.objectContaining({ code: "ERR_GHL_CODEGEN_EVIDENCE_INVALID", pointer: "#/components/schemas/Gone" }),
    );
  });

  test("the file of the findings is refused when it has another format", () => {
    expect(() => parseFindings({ format: 2 }, "examples.json")).toThrow("format must be 1, got 2");
  });
});

describe("any schema with any example", () => {
  const name = fc.constantFrom("a", "b", "c");
  const value = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom<Json>(null, true, 1, "", "x", "y"),
      fc.array(tie("any"), { maxLength: 2 }),
      fc.dictionary(name, tie("any"), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>,
    ),
  })).any;
  const schema = fc.letrec<{ any: JsonObject }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom<JsonObject>(
        {},
        { type: "string" },
        { type: "number" },
        { type: ["boolean", "null"] },
        { type: "string", enum: ["x"] },
        { type: "object" },
      ),
      tie("any").map((items): JsonObject => ({ type: "array", items })),
      fc
        .record({ properties: fc.dictionary(name, tie("any")), required: fc.uniqueArray(name) })
        .map((members) => ({ type: "object", ...members }) as JsonObject),
      fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((anyOf): JsonObject => ({ anyOf })),
    ),
  })).any;

  test("an example that may be a value fits, and what fitted before still does", () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 3 }), value, (tested, examples, other) => {
        const document = thing({ ...property(tested), properties: { a: { ...tested, examples } } }, REQUEST);
        const stored = parseFindings(
          JSON.parse(printFindings(new Map([["v3/things", findInExamples(document)]]))) as Json,
          "examples.json",
        );
        const applied = applyExamples(withoutExamples(document), stored.get("v3/things") ?? new Map(), "examples.json");
        const at = (from: JsonObject) => {
          const [example] = examplesOf(document);
          return {
            schema: resolvePointer(from, `${THING}/properties/a`),
            position: example?.position ?? { parent: undefined, key: "#" },
          };
        };
        for (const example of examples) {
          const reasons = misfits(document, at(document), { value: example }).map((misfit) =>
            notAValue(document, misfit),
          );
          if (reasons.every((reason) => reason === undefined)) {
            expect(misfits(applied, at(applied), { value: example }), JSON.stringify({ tested, example })).toEqual([]);
          }
        }
        if (misfits(document, at(document), { value: other }).length === 0) {
          expect(misfits(applied, at(applied), { value: other })).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
