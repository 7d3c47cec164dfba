import { describe, expect, test } from "vitest";
import { duplicateEnumValue, nestedEnum } from "../../../src/input/repair/enums.ts";
import type { RepairRule } from "../../../src/input/repair/rule.ts";
import {
  arrayOfBareArrays,
  arrayWithoutItems,
  emptyProperties,
  referenceSiblings,
  requiredUnknownProperty,
  scalarExampleOfObject,
  schemaInSchema,
  singleAllOf,
  typeAny,
  wrongDefault,
} from "../../../src/input/repair/schema-keywords.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";

const REF = "#/components/schemas/B";

/** Applies a rule to one schema. It returns `unchanged` when the rule reports nothing. */
function repaired(rule: RepairRule, schema: JsonObject): Json | "unchanged" {
  const document: JsonObject = { openapi: "3.0.0", components: { schemas: { A: structuredClone(schema) } } };
  const pointers = rule.apply(document, { file: "apps/a.json", files: new Map() });
  const after = ((document.components as JsonObject).schemas as JsonObject).A as JsonObject;
  if (pointers.length === 0) {
    expect(after).toEqual(schema);
    return "unchanged";
  }
  expect(pointers).toEqual(["#/components/schemas/A"]);
  return after;
}

const CASES: [RepairRule, [JsonObject, Json | "unchanged"][]][] = [
  [
    typeAny,
    [
      [{ type: "any", example: 1 }, { example: 1 }],
      [{ type: "object" }, "unchanged"],
    ],
  ],
  [
    schemaInSchema,
    [
      [
        { type: "string", schema: { type: "string", format: "date" }, enum: ["a"] },
        { type: "string", format: "date", enum: ["a"] },
      ],
      [{ properties: { schema: { type: "string" } } }, "unchanged"],
    ],
  ],
  [
    arrayWithoutItems,
    [
      [{ type: "array" }, { type: "array", items: {} }],
      [{ type: "array", items: { type: "string" } }, "unchanged"],
      [{ type: "array", prefixItems: [{}] }, "unchanged"],
    ],
  ],
  [
    arrayOfBareArrays,
    [
      [
        { type: "array", items: { type: "array" } },
        { type: "array", items: {} },
      ],
      [
        { type: "array", items: { type: "array" }, example: ["a", "b"] },
        { type: "array", items: { type: "string" }, example: ["a", "b"] },
      ],
      [
        { type: "array", items: { type: "array" }, example: ["a", 1] },
        { type: "array", items: {}, example: ["a", 1] },
      ],
      [{ type: "array", items: { type: "array", items: { $ref: REF } } }, "unchanged"],
    ],
  ],
  [
    referenceSiblings,
    [
      [{ $ref: REF, type: "object", description: "x" }, { $ref: REF }],
      [{ $ref: REF }, "unchanged"],
    ],
  ],
  [
    singleAllOf,
    [
      [
        { description: "x", nullable: true, allOf: [{ $ref: REF }] },
        { description: "x", nullable: true, $ref: REF },
      ],
      [{ type: "object", allOf: [{ $ref: REF }] }, { $ref: REF }],
      [
        { type: "object", allOf: [{ properties: {} }] },
        { type: "object", properties: {} },
      ],
      [{ allOf: [{ $ref: REF }], properties: { a: {} } }, "unchanged"],
      [{ allOf: [{ $ref: REF }, { $ref: REF }] }, "unchanged"],
    ],
  ],
  [
    nestedEnum,
    [
      [
        { type: "number", enum: [["US", "CA"]] },
        { type: "string", enum: ["US", "CA"] },
      ],
      [
        { type: "number", enum: [["US", 1]] },
        { type: "number", enum: ["US", 1] },
      ],
      [{ type: "string", enum: ["US"] }, "unchanged"],
      [{ type: "array", enum: [["US"], ["CA"]] }, "unchanged"],
    ],
  ],
  [
    duplicateEnumValue,
    [
      [{ enum: ["a", "b", "a"] }, { enum: ["a", "b"] }],
      [{ enum: [{ x: 1 }, { x: 1 }] }, { enum: [{ x: 1 }] }],
      [{ enum: [1, "1"] }, "unchanged"],
    ],
  ],
  [
    requiredUnknownProperty,
    [
      [
        { properties: { id: {} }, required: ["_id", "id"] },
        { properties: { id: {} }, required: ["id"] },
      ],
      [{ properties: { id: {} }, required: ["_id"] }, { properties: { id: {} } }],
      [{ required: ["id"] }, "unchanged"],
      [{ properties: { a: {} }, allOf: [{ $ref: REF }], required: ["id"] }, "unchanged"],
    ],
  ],
  [
    emptyProperties,
    [
      [{ type: "object", properties: {} }, { type: "object" }],
      [{ properties: {} }, { type: "object" }],
      [{ type: "object", properties: { a: {} } }, "unchanged"],
    ],
  ],
  [
    scalarExampleOfObject,
    [
      [
        { type: "object", example: "2024-01-01" },
        { type: ["object", "string"], example: "2024-01-01" },
      ],
      [
        { type: "object", example: 1 },
        { type: ["object", "number"], example: 1 },
      ],
      [{ type: "object", example: { a: 1 } }, "unchanged"],
      [{ type: "object", properties: { a: {} }, example: "x" }, "unchanged"],
    ],
  ],
  [
    wrongDefault,
    [
      [{ type: "string", default: false }, { type: "string" }],
      [{ type: "number", default: "Total number of prices available" }, { type: "number" }],
      [{ type: "string", default: `${"word ".repeat(15)}` }, { type: "string" }],
      [{ type: "integer", default: 1.5 }, { type: "integer" }],
      [{ type: "string", default: "a" }, "unchanged"],
      [{ type: "array", default: [] }, "unchanged"],
      [{ type: "string", default: null, nullable: true }, "unchanged"],
      [{ default: 1 }, "unchanged"],
    ],
  ],
];

describe.each(CASES)("$name", (rule, cases) => {
  test.each(cases)("the rule turns %j into %j", (schema, expected) => {
    expect(repaired(rule, schema)).toEqual(expected);
  });
});

test("reference-siblings leaves OpenAPI 3.1 alone, where they mean something", () => {
  const document: JsonObject = { openapi: "3.1.0", components: { schemas: { A: { $ref: REF, deprecated: true } } } };
  expect(referenceSiblings.apply(document, { file: "apps/a.json", files: new Map() })).toEqual([]);
  expect(document.components).toEqual({ schemas: { A: { $ref: REF, deprecated: true } } });
});
