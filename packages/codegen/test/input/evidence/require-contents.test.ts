import { describe, expect, test } from "vitest";
import { answerSlots, operationsByKey } from "../../../src/input/evidence/operations.ts";
import { requireContents } from "../../../src/input/evidence/repair/require-contents.ts";
import { shapeOf } from "../../../src/input/evidence/shape/shape.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";

const cat: JsonObject = { type: "object", properties: { id: { type: "string" } } };
const list: JsonObject = { type: "array", items: cat };
const traceId: JsonObject = { type: "string" };

/** The members that an answer requires afterwards. */
function required(properties: JsonObject, seen: Json[] = [], elsewhere: JsonObject = {}): Json {
  const answer: JsonObject = { type: "object", properties };
  const document: JsonObject = {
    paths: {
      "/cats": {
        get: {
          responses: {
            200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Answer" } } } },
          },
        },
      },
      ...elsewhere,
    },
    components: { schemas: { Answer: answer } },
  };
  const visit = operationsByKey(document).get("GET /cats")!;
  const [slot] = answerSlots(document, visit);
  const names = new Set(Object.keys(properties).filter((name) => name !== "added"));
  requireContents(document, [{ slot: slot!, names, shape: seen.length === 0 ? undefined : shapeOf(seen) }]);
  return answer.required ?? [];
}

describe("the content of an answer is required", () => {
  test("the content of an answer is required where it stands alone, besides the traceId, without evidence", () => {
    expect(required({ cat, traceId })).toEqual(["cat"]);
    expect(required({ cats: list })).toEqual(["cats"]);
  });

  test("the content of an answer is required where no observed answer lacked it", () => {
    expect(required({ cats: list, total: { type: "number" } }, [{ cats: [] }, { cats: [], total: 1 }])).toEqual([
      "cats",
    ]);
  });

  test("the content of an answer is optional beside other members without evidence", () => {
    expect(required({ cats: list, dogs: list })).toEqual([]);
  });

  test("the content of an answer is optional where an observed answer lacked it, or had null", () => {
    expect(required({ cat }, [{ cat: {} }, {}])).toEqual([]);
    expect(required({ cat }, [{ cat: {} }, { cat: null }])).toEqual([]);
  });

  test("a list or an object of an answer that is a record itself stays optional", () => {
    expect(required({ id: { type: "string" }, toys: list }, [{ id: "1", toys: [] }])).toEqual([]);
  });

  test("a content that only the evidence has added stays optional", () => {
    expect(required({ cats: list, added: list }, [{ cats: [], added: [] }])).toEqual(["cats"]);
  });

  test("a content that may be null, or is a text or a number, stays optional", () => {
    expect(required({ cat: { type: ["object", "null"] } })).toEqual([]);
    expect(required({ name: { type: "string" } })).toEqual([]);
  });

  test("a content in a schema that also stands inside other answers stays optional", () => {
    const content = {
      "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Answer" } } },
    };
    expect(required({ cat }, [], { "/all": { get: { responses: { 200: { content } } } } })).toEqual([]);
  });
});
