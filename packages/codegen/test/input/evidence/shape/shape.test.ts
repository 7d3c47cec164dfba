import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEvidence } from "../../../../src/input/evidence/evidence.ts";
import { printEvidence } from "../../../../src/input/evidence/print.ts";
import { parsePath } from "../../../../src/input/evidence/shape/path.ts";
import {
  emptyShape,
  mergeShape,
  pathsOf,
  type ShapePaths,
  shapeFromPaths,
  shapeOf,
} from "../../../../src/input/evidence/shape/shape.ts";
import type { Json } from "../../../../src/json/json.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const stored = (values: readonly Json[]) => pathsOf(shapeOf(values));

describe("a shape", () => {
  test("a shape counts kinds by path and holds no value", () => {
    const values: Json[] = [
      {
        contacts: [
          { id: "a", phone: null, dateAdded: "2026-07-17T08:00:00.000Z" },
          { id: "b", "first name": "x" },
        ],
      },
      { contacts: [] },
    ];
    expect(stored(values)).toEqual({
      $: { object: 2 },
      "$.contacts": { array: 2 },
      "$.contacts[]": { object: 2 },
      "$.contacts[].dateAdded": { "string(date-time)": 1 },
      "$.contacts[].id": { string: 2 },
      "$.contacts[].phone": { null: 1 },
      '$.contacts[]["first name"]': { string: 1 },
    });
  });

  test("a shape is the same after it was stored and read", () => {
    fc.assert(
      fc.property(fc.array(json), (values) => {
        const paths = stored(values);
        expect(pathsOf(shapeFromPaths(paths as ShapePaths))).toEqual(paths);
      }),
    );
  });

  test("a shape of two lists of values is that of both lists together", () => {
    fc.assert(
      fc.property(fc.array(json), fc.array(json), (left, right) => {
        const merged = emptyShape();
        mergeShape(merged, shapeOf(left));
        mergeShape(merged, shapeOf(right));
        expect(pathsOf(merged)).toEqual(stored([...left, ...right]));
      }),
    );
  });

  test("a shape collects values only on request, and never stores them", () => {
    expect(shapeOf(["a"]).values).toBeUndefined();
    expect(shapeOf(["a", 1], { values: true }).values).toEqual(new Set(["a", 1]));
    expect(JSON.stringify(pathsOf(shapeOf(["secret"], { values: true })))).not.toContain("secret");
  });

  test("a shape of an unknown kind or a broken path is refused by name", () => {
    expect(() => shapeFromPaths({ $: { text: 1 } })).toThrow("unknown kind text at $");
    expect(() => shapeFromPaths({ "contacts[]": { array: 1 } })).toThrow(
      'path must be one of an observation, got "contacts[]"',
    );
    expect(parsePath("$.a[")).toBeUndefined();
  });
});

describe("an evidence file", () => {
  const file = {
    format: 1,
    observations: [
      {
        operation: "GET /contacts/{contactId}",
        sources: ["a recording"],
        sureness: "recorded",
        date: "2026-07-17",
        version: "2021-07-28",
        status: [200],
        answers: { count: 1, paths: { $: { object: 1 } } },
        query: ["limit"],
      },
    ],
  };

  test("an evidence file is the same after it was read and printed", () => {
    const text = printEvidence(parseEvidence(file, "contacts.json"));
    expect(JSON.parse(text)).toEqual(file);
  });

  test.each([
    [{ ...file, format: 2 }, "format must be 1, got 2", "#/format"],
    [
      { ...file, observations: [{ ...file.observations[0], sureness: "sure" }] },
      'must be one of recorded, reported, claimed, got "sure"',
      "#/observations/0/sureness",
    ],
    [
      { ...file, observations: [{ ...file.observations[0], operation: "contacts" }] },
      "operation must be",
      "#/observations/0/operation",
    ],
    [{ ...file, observations: [{ ...file.observations[0], value: 1 }] }, 'unknown field "value"', "#/observations/0"],
    [{ ...file, observation: [] }, 'unknown field "observation"; did you mean "observations"?', "#"],
    [
      { ...file, observations: [{ ...file.observations[0], answers: { count: 1, paths: { $: { object: -1 } } } }] },
      "must be a non-negative integer, got -1",
      "#/observations/0/answers/paths/$/object",
    ],
  ])("an evidence file with a mistake is refused with its position (%#)", (value, message, pointer) => {
    expect(() => parseEvidence(value as Json, "contacts.json")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        pointer,
        code: "ERR_GHL_CODEGEN_EVIDENCE_INVALID",
      }),
    );
  });
});
