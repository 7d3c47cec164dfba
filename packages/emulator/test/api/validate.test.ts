import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Schema } from "../../src/api/schema.ts";
import { problems } from "../../src/api/validate.ts";

const typed = { schemas: {}, spelling: "typed" } as const;
const asText = { schemas: {}, spelling: "text" } as const;
const person: Schema = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", minLength: 2 },
    age: { type: "integer", minimum: 0, maximum: 150 },
    tags: { type: "array", items: { type: "string" }, maxItems: 2 },
    kind: { type: "string", enum: ["a", "b"] },
    address: { type: "object", properties: { city: { type: "string" } } },
    open: { type: "object" },
    either: { oneOf: [{ type: "string" }, { type: "number" }] },
    maybe: { type: ["string", "null"] },
  },
};

test.each<[unknown, string[]]>([
  [{ name: "Ada" }, []],
  [{ name: "Ada", age: null, open: { anything: 1 }, either: 2, maybe: null }, []],
  [{}, ["name must be a string"]],
  [{ name: 1 }, ["name must be a string"]],
  [{ name: null }, ["name must be a string"]],
  [{ name: "A" }, ["name must be longer than or equal to 2 characters"]],
  [{ name: "Ada", age: 1.5 }, ["age must be an integer number"]],
  [{ name: "Ada", age: -1 }, ["age must not be less than 0"]],
  [{ name: "Ada", age: 151 }, ["age must not be greater than 150"]],
  [{ name: "Ada", tags: "x" }, ["tags must be an array"]],
  [{ name: "Ada", tags: ["x", 1] }, ["tags.1 must be a string"]],
  [{ name: "Ada", tags: ["x", "y", "z"] }, ["tags must contain no more than 2 elements"]],
  [{ name: "Ada", kind: "c" }, ["kind must be one of the following values: a, b"]],
  [
    { name: "Ada", address: { city: 1, zip: 2 } },
    ["address.city must be a string", "property address.zip should not exist"],
  ],
  [{ name: "Ada", nick: "x" }, ["property nick should not exist"]],
  [{ name: "Ada", either: true }, ["either must be a string"]],
])("the validator describes each mistake in %j", (value, expected) => {
  expect(problems(person, { value, name: "" }, typed)).toEqual(expected);
});

describe("text", () => {
  test.each<[Schema, string, boolean]>([
    [{ type: "number" }, "20", true],
    [{ type: "number" }, "many", false],
    [{ type: "number" }, "", false],
    [{ type: "boolean" }, "true", true],
    [{ type: "boolean" }, "yes", false],
    [{ type: "array", items: { type: "string" } }, "one", true],
    [{ type: "number", enum: [1, 2] }, "2", true],
    [{ type: "number", enum: [1, 2] }, "3", false],
  ])("%j takes %s: %s", (schema, value, fits) => {
    expect(problems(schema, { value, name: "x" }, asText).length === 0).toBe(fits);
  });
});

test("a value is refused exactly when it has another type", () => {
  const kinds = {
    string: fc.string(),
    number: fc.double({ noNaN: true }),
    boolean: fc.boolean(),
    array: fc.array(fc.nat()),
  };
  const kind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));
  fc.assert(
    fc.property(
      kind,
      kind.chain((of) => kinds[of].map((value) => ({ of, value: value as unknown }))),
      (expected, { of, value }) => {
        expect(problems({ type: expected }, { value, name: "x" }, typed).length === 0).toBe(expected === of);
      },
    ),
    { numRuns: 1_000 },
  );
});
