import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { clientTexts } from "../../../src/output/emit/client/client-texts.ts";
import { emitClientFiles } from "../../../src/output/emit/module-files.ts";
import { sharedWith } from "../../../src/output/emit/shared.ts";
import { NO_FIELD_TEXTS } from "../../../src/output/ir/field-texts.ts";
import { buildModule } from "../../../src/output/ir/module.ts";

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const record = (properties: JsonObject): JsonObject => ({ type: "object", properties });
const text: JsonObject = { type: "string" };

function operation(operationId: string, schema: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    get: {
      operationId,
      parameters: [{ name: "limit", in: "query", schema: text }],
      responses: { 200: { description: "", content: { "application/json": { schema } } } },
      ...more,
    },
  };
}

/** A list that leads to a pet by way of an owner, and a toy that leads nowhere. */
function textsOf(api: string, pet: JsonObject, more: JsonObject = {}) {
  const document: JsonObject = {
    openapi: "3.1.0",
    paths: {
      "/owners": operation("list-owners", { type: "array", items: reference("Owner") }),
      "/toys": operation("list-toys", { type: "array", items: reference("Toy") }, more),
    },
    components: {
      schemas: {
        Owner: record({ pets: { type: "array", items: reference("Pet") } }),
        Pet: pet,
        Toy: record({ id: text, next: reference("Toy") }),
      },
    },
  };
  return clientTexts(buildModule(document, { name: "pets", api, file: "pets.json" }), NO_FIELD_TEXTS);
}

const pet = record({ id: text, owner: reference("Owner") });
const changed = record({ id: text, owner: reference("Owner"), age: { type: "number" } });

describe("the shared part of two generations", () => {
  test("two generations share types and operations that are equal, circles included", () => {
    const shared = sharedWith(textsOf("v2", pet), textsOf("v3", pet), "../v3");
    expect([...shared.types].sort()).toEqual(["Owner", "Pet", "Toy"]);
    expect([...shared.operations].sort()).toEqual(["list-owners", "list-toys"]);
    expect([...shared.params].sort()).toEqual(["ListOwnersParams", "ListToysParams"]);
  });

  test("two generations share nothing that leads to a type that differs", () => {
    const shared = sharedWith(textsOf("v2", pet), textsOf("v3", changed), "../v3");
    expect([...shared.types]).toEqual(["Toy"]);
    expect([...shared.operations]).toEqual(["list-toys"]);
  });

  test("two generations share no parameters that differ", () => {
    const own = textsOf("v2", pet, { parameters: [{ name: "offset", in: "query", schema: text }] });
    const shared = sharedWith(own, textsOf("v3", pet), "../v3");
    expect([...shared.params]).toEqual(["ListOwnersParams"]);
    expect([...shared.operations]).toEqual(["list-owners"]);
  });
});

test("the older generation declares only what differs, and exports everything", () => {
  const twin = { texts: textsOf("v3", changed), folder: "../v3" };
  const imports = { specifier: (file: string) => `#client/${file}` };
  const [client, schemas] = emitClientFiles(textsOf("v2", pet), "v2", { imports, twin });
  expect(schemas?.text).toContain('export type { Toy } from "../v3/pets.schema.gen.d.ts";');
  expect(schemas?.text).toContain('"list-toys": shared["list-toys"];');
  expect(schemas?.text.match(/^export interface \w+/gm)).toEqual([
    "export interface paths",
    "export interface operations",
    "export interface components",
    "export interface Owner",
    "export interface Pet",
  ]);
  expect(client?.text).toContain('export type { ListOwnersParams, ListToysParams } from "../v3/pets.gen.ts";');
  expect(client?.text).not.toContain("export interface ListToysParams");
});
