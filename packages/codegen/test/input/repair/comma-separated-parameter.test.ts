import { expect, test } from "vitest";
import { commaSeparatedParameter } from "../../../src/input/repair/comma-separated-parameter.ts";
import type { JsonObject } from "../../../src/json/json.ts";

function repaired(parameter: JsonObject, otherApi = false): { parameter: JsonObject; pointers: string[] } {
  const own: JsonObject = { name: "fields", in: "query", ...parameter };
  const document: JsonObject = { paths: { "/a": { get: { parameters: [own] } } } };
  const pointers = commaSeparatedParameter.apply(document, { file: "apps/a.json", files: new Map(), otherApi });
  return { parameter: own, pointers };
}

const LIST = { type: "array", items: { type: "string" } };
const EITHER = { anyOf: [LIST, { type: "string" }] };

test.each<[string, JsonObject, JsonObject]>([
  ["a list", { description: "Comma-separated list of fields", schema: LIST }, EITHER],
  ["a text", { description: "Ids. Supports comma separated values", schema: { type: "string" } }, EITHER],
  [
    "an enum",
    { description: "Types separated with comma", schema: { type: "string", enum: ["a", "b"], example: "a,b" } },
    { example: "a,b", anyOf: [{ type: "array", items: { type: "string", enum: ["a", "b"] } }, { type: "string" }] },
  ],
  [
    "a list that already says that it may be a text",
    { description: "Cursor (comma-separated name,id pair)", schema: { oneOf: [{ type: "string" }, LIST] } },
    { oneOf: [{ type: "string" }, LIST] },
  ],
])("%s that is comma-separated in words takes a list, sent as one value, or the text", (_, parameter, schema) => {
  const { parameter: after, pointers } = repaired(structuredClone(parameter));
  expect(after.schema).toEqual(schema);
  expect(after.explode).toBe(false);
  expect(pointers).toEqual(["#/paths/~1a/get/parameters/0"]);
});

test("a parameter that is not comma-separated in words, not in the query, or not HighLevel's stays as it is", () => {
  expect(repaired({ description: "Separate by blanks, not by a comma", schema: LIST }).pointers).toEqual([]);
  expect(repaired({ description: "comma separated", in: "path", schema: LIST }).pointers).toEqual([]);
  expect(repaired({ description: "comma separated", schema: LIST }, true).pointers).toEqual([]);
});
