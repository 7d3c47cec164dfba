import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AnswerFile } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import type { Schema, Schemas } from "../../src/api/schema.ts";
import { createRandom } from "../../src/core/random.ts";
import { breaches } from "./breaches.ts";

const make = (schema: Schema, schemas: Schemas = {}, hints: Record<string, string> = {}): unknown =>
  sample(schema, { schemas, random: createRandom("seed"), hints });

describe("sample", () => {
  test("a sample is the same for the same seed, and another for another seed", () => {
    const schema: Schema = { type: "object", properties: { id: { type: "string" }, n: { type: "number" } } };
    expect(make(schema)).toEqual(make(schema));
    expect(sample(schema, { schemas: {}, random: createRandom("other") })).not.toEqual(make(schema));
  });

  test.each<[string, Schema, unknown]>([
    ["enum", { type: "string", enum: ["only"] }, "only"],
    ["const", { const: 7 }, 7],
    ["nullable takes the value", { type: ["null", "boolean"], enum: [true] }, true],
    ["null alone", { type: "null" }, null],
    ["anyOf skips null", { anyOf: [{ type: "null" }, { const: "x" }] }, "x"],
    ["bounds", { type: "integer", minimum: 5, maximum: 5 }, 5],
    ["maximum below one", { type: "number", maximum: -3, minimum: -3 }, -3],
    ["no schema to speak of", {}, {}],
  ])("a sample follows its schema: %s", (_name, schema, expected) => {
    expect(make(schema)).toEqual(expected);
  });

  test("a sample puts allOf together", () => {
    const base: Schema = { type: "object", properties: { a: { const: 1 } } };
    expect(
      make({ allOf: [{ $ref: "#/components/schemas/Base" }, { properties: { b: { const: 2 } } }] }, { Base: base }),
    ).toEqual({ a: 1, b: 2 });
  });

  test("a sample uses the ids of the request", () => {
    const schema: Schema = { type: "object", properties: { locationId: { type: "string" } } };
    expect(make(schema, {}, { locationId: "L1" })).toEqual({ locationId: "L1" });
  });

  test("a sample ends in a schema that contains itself", () => {
    const tree: Schema = {
      type: "object",
      required: ["parent"],
      properties: {
        parent: { $ref: "#/components/schemas/Tree" },
        child: { allOf: [{ $ref: "#/components/schemas/Tree" }] },
        children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
      },
    };
    const value = make({ $ref: "#/components/schemas/Tree" }, { Tree: tree }) as { children: unknown };
    expect(value.children).toEqual([]);
  });
});

describe("every documented answer", () => {
  const folder = new URL("../../src/generated/", import.meta.url);
  const files = ["v2", "v3"].flatMap((api) => readdirSync(new URL(`${api}/`, folder)).map((name) => `${api}/${name}`));
  test.each(files)("every documented answer passes its schema: %s", (name) => {
    const { operations, schemas } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as AnswerFile;
    expect(Object.keys(operations).length).toBeGreaterThan(0);
    for (const [id, { answer }] of Object.entries(operations)) {
      if (answer === undefined) continue;
      const value = sample(answer, { schemas, random: createRandom(id) });
      expect(breaches(answer, value, { schemas }), id).toEqual([]);
    }
  });
});
