import { describe, expect, test } from "vitest";
import { findInCursors } from "../../../src/input/evidence/documented-cursors.ts";
import { applyExamples } from "../../../src/input/evidence/examples/apply-examples.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";
import { resolvePointer } from "../../../src/json/pointer.ts";
import { committedDocuments } from "../../support/repository.ts";

const PARAMETER = "/paths/~1things/get/parameters/0/schema";
const answer = (schema: JsonObject): JsonObject => ({ 200: { content: { "application/json": { schema } } } });

/** A list whose cursor `after` is a parameter of the given schema. */
function list(parameter: JsonObject, cursor: string, schema: JsonObject): JsonObject {
  return {
    paths: {
      "/things": {
        get: {
          "x-pagination": { strategy: "cursor", items: "things", cursor: { after: cursor } },
          parameters: [{ name: "after", in: "query", schema: parameter }],
          responses: answer(schema),
        },
      },
    },
  };
}

function accepted(document: JsonObject, position: string): Json | undefined {
  return resolvePointer(applyExamples(document, findInCursors(document), "cursors"), `#${position}`);
}

describe("a list takes the cursor that its answer gives", () => {
  test("a text parameter accepts a number when the cursor of the answer is one", () => {
    const meta = { type: "object", properties: { next: { type: ["number", "null"] } } };
    const document = list({ type: "string" }, "meta.next", { type: "object", properties: { meta } });
    expect(accepted(document, PARAMETER)).toEqual({ type: ["string", "number"] });
  });

  test("the list of a record's sort values where objects are described", () => {
    const record = { type: "object", properties: { sort: { type: "array", items: { type: "number" } } } };
    const things = { type: "object", properties: { things: { type: "array", items: record } } };
    const document = list({ anyOf: [{ type: "object" }, { type: "string" }] }, "$last.sort", things);
    expect(accepted(document, PARAMETER)).toEqual({
      anyOf: [{ type: "object" }, { type: "string" }, { type: "array", items: { type: "number" } }],
    });
  });

  test("a cursor of the body accepts items of the type that the answer gives", () => {
    const body = { type: "object", properties: { after: { type: "array", items: { type: "string" } } } };
    const cursor = { type: "array", items: { type: ["number", "string"] } };
    const document = {
      paths: {
        "/things": {
          post: {
            "x-pagination": { strategy: "cursor", items: "things", cursor: { after: "after" }, in: "body" },
            requestBody: { content: { "application/json": { schema: body } } },
            responses: answer({ type: "object", properties: { after: cursor } }),
          },
        },
      },
    };
    const position = "/paths/~1things/post/requestBody/content/application~1json/schema/properties/after/items";
    expect(accepted(document, position)).toEqual({ type: ["string", "number"] });
  });

  test("a cursor that a list accepts already stays as it is", () => {
    const schema = { type: "object", properties: { next: { type: "string" } } };
    expect(findInCursors(list({ type: "string" }, "next", schema)).size).toBe(0);
  });
});

test("nothing is left to widen in the documents once it is applied", () => {
  const left = committedDocuments().flatMap(({ name, document }) => {
    const applied = applyExamples(document, findInCursors(document), "cursors");
    return [...findInCursors(applied).keys()].map((pointer) => `${name} ${pointer}`);
  });
  expect(left).toEqual([]);
});
