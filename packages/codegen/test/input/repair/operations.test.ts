import { expect, test } from "vitest";
import { authorizationHeader } from "../../../src/input/repair/authorization-header.ts";
import { misplacedParameterKeyword } from "../../../src/input/repair/misplaced-parameter-keyword.ts";
import {
  optionalPathParameter,
  pathParameterElsewhere,
  undeclaredPathParameter,
} from "../../../src/input/repair/path-parameters.ts";
import type { RepairRule } from "../../../src/input/repair/rule.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";

const PATH = "/a/{id}";
const OPERATION = "#/paths/~1a~1{id}/get";
const id = (more: JsonObject): JsonObject => ({
  name: "id",
  in: "path",
  required: true,
  schema: { type: "string" },
  ...more,
});

function repaired(
  rule: RepairRule,
  parameters: Json[],
  shared: Json[] = [],
): { parameters: Json | undefined; pointers: string[] } {
  const operation: JsonObject = { parameters: structuredClone(parameters) };
  const document: JsonObject = { paths: { [PATH]: { parameters: shared, get: operation } } };
  const pointers = rule.apply(document, { file: "apps/a.json", files: new Map() });
  return { parameters: operation.parameters, pointers };
}

test("undeclared-path-parameter adds a required string", () => {
  expect(repaired(undeclaredPathParameter, [])).toEqual({ parameters: [id({})], pointers: [OPERATION] });
  expect(repaired(undeclaredPathParameter, [id({})]).pointers).toEqual([]);
  expect(repaired(undeclaredPathParameter, [], [id({})]).pointers).toEqual([]);
});

test("path-parameter-elsewhere moves the parameter into the path", () => {
  expect(repaired(pathParameterElsewhere, [id({ in: "query", required: false })])).toEqual({
    parameters: [id({})],
    pointers: [`${OPERATION}/parameters/0`],
  });
});

test("path-parameter-elsewhere drops an optional repetition, and keeps a required one", () => {
  const optional = [id({}), id({ in: "query", required: false })];
  expect(repaired(pathParameterElsewhere, optional)).toEqual({
    parameters: [id({})],
    pointers: [`${OPERATION}/parameters/1`],
  });
  expect(repaired(pathParameterElsewhere, [id({}), id({ in: "query" })]).pointers).toEqual([]);
});

test("optional-path-parameter makes it required", () => {
  expect(repaired(optionalPathParameter, [id({ required: false })])).toEqual({
    parameters: [id({})],
    pointers: [`${OPERATION}/parameters/0`],
  });
  expect(repaired(optionalPathParameter, [id({ in: "query", required: false })]).pointers).toEqual([]);
});

test("authorization-header drops the header in any case, and nothing else", () => {
  const header = (name: string): JsonObject => ({ name, in: "header", schema: {} });
  const query = { name: "Authorization", in: "query", schema: {} };
  expect(
    repaired(authorizationHeader, [header("authorization"), header("Version"), header("Authorization"), query]),
  ).toEqual({
    parameters: [header("Version"), query],
    pointers: [`${OPERATION}/parameters/0`, `${OPERATION}/parameters/2`],
  });
});

test("misplaced-parameter-keyword moves composition and default into the schema", () => {
  const anyOf = [{ type: "number" }, { type: "string" }];
  const query = { name: "q", in: "query" };
  expect(
    repaired(misplacedParameterKeyword, [
      { ...query, anyOf, schema: { type: "string", example: 1 } },
      { ...query, default: 10, schema: { type: "number" } },
      { ...query, oneOf: anyOf },
      { ...query, schema: { type: "number" } },
    ]),
  ).toEqual({
    parameters: [
      { ...query, schema: { example: 1, anyOf } },
      { ...query, schema: { type: "number", default: 10 } },
      { ...query, schema: { oneOf: anyOf } },
      { ...query, schema: { type: "number" } },
    ],
    pointers: [0, 1, 2].map((index) => `${OPERATION}/parameters/${index}`),
  });
});
