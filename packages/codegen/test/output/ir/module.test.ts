import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { buildModule } from "../../../src/output/ir/module.ts";

const identity = { name: "pets", api: "v3", file: "pets.json" };
const get = (operation: JsonObject): JsonObject => ({ get: { responses: {}, ...operation } });
const build = (paths: JsonObject, rest: JsonObject = {}) => buildModule({ openapi: "3.1.0", paths, ...rest }, identity);

describe("errors name file and pointer", () => {
  const cases: [what: string, code: string, pointer: string | undefined, document: JsonObject][] = [
    ["no OpenAPI document", "ERR_GHL_CODEGEN_NOT_OPENAPI", undefined, { swagger: "2.0" }],
    [
      "two operations that camel-case alike",
      "ERR_GHL_CODEGEN_NAME_CLASH",
      "#/paths/~1b/get",
      { openapi: "3.1.0", paths: { "/a": get({ operationId: "get-pet" }), "/b": get({ operationId: "getPet" }) } },
    ],
    [
      "an operationId twice under different method names",
      "ERR_GHL_CODEGEN_NAME_CLASH",
      "#/paths/~1b/get",
      {
        openapi: "3.1.0",
        paths: {
          "/a": get({ operationId: "get-pet" }),
          "/b": get({ operationId: "get-pet", "x-method-name": "other" }),
        },
      },
    ],
    [
      "a parameter called body",
      "ERR_GHL_CODEGEN_NAME_CLASH",
      "#/paths/~1a/get/parameters",
      { openapi: "3.1.0", paths: { "/a": get({ parameters: [{ name: "body", in: "query" }] }) } },
    ],
    [
      "a reference to nothing in a schema",
      "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      "#/components/schemas/Pet/properties/toy/$ref",
      {
        openapi: "3.1.0",
        paths: {},
        components: { schemas: { Pet: { properties: { toy: { $ref: "#/components/schemas/Toy" } } } } },
      },
    ],
    [
      "a reference of a schema to something that is not emitted",
      "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      "#/paths/~1a/get/responses/200/content/application~1json/schema/$ref",
      {
        openapi: "3.1.0",
        paths: {
          "/a": get({ responses: { "200": { content: { "application/json": { schema: { $ref: "#/paths" } } } } } }),
        },
      },
    ],
    [
      "a parameter that refers to nothing",
      "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      "#/paths/~1a/get/parameters/0",
      { openapi: "3.1.0", paths: { "/a": get({ parameters: [{ $ref: "#/components/parameters/x" }] }) } },
    ],
    [
      "a parameter that refers to itself",
      "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      "#/paths/~1a/get/parameters/0",
      {
        openapi: "3.1.0",
        paths: { "/a": get({ parameters: [{ $ref: "#/components/parameters/x" }] }) },
        components: { parameters: { x: { $ref: "#/components/parameters/x" } } },
      },
    ],
  ];
  test.each(cases)("an error names file and pointer: %s", (_, code, pointer, document) => {
    expect(() => buildModule(document, identity)).toThrow(
      expect.objectContaining({ code, file: "pets.json", ...(pointer === undefined ? {} : { pointer }) }),
    );
  });
});

test("x-method-name settles a clash", () => {
  const { operations } = build({
    "/a": get({ operationId: "get-pet" }),
    "/b": get({ operationId: "getPet", "x-method-name": "getOtherPet" }),
  });
  expect(operations.map(({ name }) => name)).toEqual(["getPet", "getOtherPet"]);
});

test("an operation's parameter replaces the path item's, and path parameters come first", () => {
  const { operations } = build({
    "/a/{id}": {
      parameters: [
        { name: "limit", in: "query", required: true, schema: { type: "string" } },
        { name: "id", in: "path", required: true, schema: { type: "string" } },
      ],
      get: {
        operationId: "a",
        parameters: [{ name: "limit", in: "query", schema: { type: "number" } }],
        responses: {},
      },
    },
  });
  expect(operations[0]?.parameters.map(({ name, required }) => [name, required])).toEqual([
    ["id", true],
    ["limit", false],
  ]);
});

describe("a body of HighLevel's is required", () => {
  const bodyOf = (schema: JsonObject, api = "v3") => {
    const requestBody = { required: true, content: { "application/json": { schema } } };
    const document = {
      openapi: "3.1.0",
      paths: { "/a": { put: { operationId: "put-a", responses: {}, requestBody } } },
    };
    return buildModule(document, { ...identity, api }).operations[0]?.body;
  };
  const optional = { type: "object", properties: { name: { type: "string" } } };

  test("a body of HighLevel's is required unless it describes members and requires none", () => {
    expect(bodyOf(optional)?.required).toBe(false);
    expect(bodyOf({ allOf: [optional, optional] })?.required).toBe(false);
    expect(bodyOf({ ...optional, required: ["name"] })?.required).toBe(true);
    expect(bodyOf({ allOf: [optional, { required: ["name"] }] })?.required).toBe(true);
  });

  test("a body of HighLevel's is required when it says nothing about its members, or has several variants", () => {
    expect(bodyOf({ type: "object" })?.required).toBe(true);
    expect(bodyOf({ anyOf: [optional, optional] })?.required).toBe(true);
  });

  test("a body of another API stays as its author says", () => {
    expect(bodyOf(optional, "")?.required).toBe(true);
  });
});
