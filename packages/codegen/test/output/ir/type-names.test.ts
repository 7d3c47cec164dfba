import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { workspaceModules } from "../../../src/output/generate/workspace.ts";
import { pascalCase } from "../../../src/output/ir/method-name.ts";
import { buildModule } from "../../../src/output/ir/module.ts";
import { nameTypes } from "../../../src/output/ir/type-names/named-module.ts";
import { singular, thingIn, withoutVerbs } from "../../../src/output/ir/type-names/words.ts";

const REPOSITORY = join(import.meta.dirname, "../../../../..");
const modules = workspaceModules(REPOSITORY, "openapi");

function namesOf(document: JsonObject, api = "v3"): Record<string, string> {
  const { typeNames } = nameTypes(buildModule(document, { name: "pets", api, file: "pets.json" }));
  return Object.fromEntries([...typeNames].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonObject): JsonObject => ({ content: { "application/json": { schema } } });
const answer = (schema: JsonObject): JsonObject => ({ 200: { description: "", ...json(schema) } });
const object = (properties: JsonObject): JsonObject => ({ type: "object", properties });
const text: JsonObject = { type: "string" };

describe("words", () => {
  test.each([
    ["GetContactByIdSchemaV3", "Contact"],
    ["ICustomField", "CustomField"],
    ["Invoice", "Invoice"],
    ["CalendarDTO", "Calendar"],
    ["AppointmentSchemaResponse", "Appointment"],
    ["Schema", "Schema"],
    ["CreateContactsSuccessfulResponseDto", "CreateContacts"],
  ])("%s is about %s", (name, thing) => expect(thingIn(name)).toBe(thing));

  test.each([
    ["GetCreateUpdateNote", "Note"],
    ["CreateOrUpdateBooking", "Booking"],
    ["Created", "Created"],
  ])("%s without verbs is %s", (name, rest) => expect(withoutVerbs(name)).toBe(rest));

  test.each([
    ["Opportunities", "Opportunity"],
    ["Pipelines", "Pipeline"],
    ["Statuses", "Status"],
    ["Addresses", "Address"],
    ["Taxes", "Tax"],
    ["Purchases", "Purchase"],
    ["Business", "Business"],
    ["Status", "Status"],
    ["Menus", "Menu"],
    ["Analysis", "Analysis"],
  ])("one of %s is one %s", (many, one) => expect(singular(many)).toBe(one));
});

test.each([
  ["contacts", "Contact"],
  ["contacts", "CustomField"],
  ["contacts", "ListedContact"],
  ["conversations", "ListedConversation"],
  ["contacts", "CreateContactBody"],
  ["contacts", "GetContactResponse"],
  ["opportunities", "Opportunity"],
  ["opportunities", "Pipeline"],
  ["calendars", "Calendar"],
  ["calendars", "Appointment"],
  ["conversations", "Conversation"],
  ["conversations", "Message"],
  ["locations", "Location"],
  ["users", "User"],
])("%s has a type %s in both generations", (module, name) => {
  for (const api of ["v2", "v3"]) {
    const found = modules.find((one) => one.api === api && one.name === module);
    expect(found && [...nameTypes(found).typeNames.values()], api).toContain(name);
  }
});

test("no two types of a module have one name, and none hides what generated code uses", () => {
  for (const module of modules) {
    const named = nameTypes(module);
    const names = [...named.typeNames.values()];
    expect(new Set(names).size, module.name).toBe(names.length);
    expect(named.typeNames.size).toBe(Object.keys(named.schemas).length);
    const params = module.operations.map(({ name }) => `${pascalCase(name)}Params`);
    const forbidden = new Set([...params, "Record", "Promise", "Blob", "Omit", "Date", module.typeName]);
    expect(names.filter((name) => forbidden.has(name))).toEqual([]);
  }
});

test("names do not depend on the order of schemas and paths", () => {
  const schemas: [string, JsonObject][] = [
    ["PetDto", object({ id: text })],
    ["GetPetSchema", object({ id: text, name: text })],
    ["PetsResponse", object({ pet: reference("GetPetSchema"), pets: { type: "array", items: reference("PetDto") } })],
    ["CreatePetDto", object({ owner: object({ name: text, tags: object({ a: text, b: text }) }) })],
    ["UpdatePetDto", object({ owner: object({ name: text, mail: text }) })],
    ["petDTO", object({ legs: text })],
  ];
  const paths: [string, JsonObject][] = [
    ["/pets", { get: { operationId: "list-pets", responses: answer(reference("PetsResponse")) } }],
    [
      "/pets/{id}",
      {
        put: { operationId: "update-pet", requestBody: json(reference("UpdatePetDto")), responses: {} },
        post: { operationId: "create-pet", requestBody: json(reference("CreatePetDto")), responses: {} },
      },
    ],
    ["/all", { get: { operationId: "all", responses: answer({ type: "array", items: reference("petDTO") }) } }],
  ];
  const documentOf = (some: [string, JsonObject][], others: [string, JsonObject][]): JsonObject => ({
    openapi: "3.1.0",
    paths: Object.fromEntries(others),
    components: { schemas: Object.fromEntries(some) },
  });
  const expected = namesOf(documentOf(schemas, paths));
  expect(expected).toMatchObject({
    GetPetSchema: "Pet",
    PetsResponse: "ListPetsResponse",
    CreatePetDto: "CreatePetBody",
  });
  const shuffled = <T>(list: T[]) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length });
  fc.assert(
    fc.property(shuffled(schemas), shuffled(paths), (some, others) => {
      expect(namesOf(documentOf(some, others))).toEqual(expected);
    }),
  );
});

test("an object type inside another has a name of its own, also where null is allowed", () => {
  const names = namesOf({
    openapi: "3.1.0",
    paths: {
      "/pets": {
        get: {
          operationId: "get-pets",
          responses: answer(
            object({
              pipelines: {
                type: "array",
                items: object({ stages: { type: "array", items: object({ id: text, name: text }) } }),
              },
              meta: { type: ["object", "null"], properties: { total: { type: "number" } } },
            }),
          ),
        },
      },
    },
  });
  expect(Object.values(names).sort()).toEqual(["GetPetsMeta", "GetPetsResponse", "Pipeline", "Stage"]);
});

test("other people's names stay as they are", () => {
  const document: JsonObject = {
    openapi: "3.1.0",
    paths: { "/pets": { post: { operationId: "add", requestBody: json(reference("NewPetDto")), responses: {} } } },
    components: { schemas: { NewPetDto: object({ name: text }) } },
  };
  expect(namesOf(document, "")).toEqual({ NewPetDto: "NewPetDto" });
});

test("a name that an overlay gives goes before every rule", () => {
  const pet = { ...object({ id: text }), "x-type-name": "Pet" };
  const document: JsonObject = {
    openapi: "3.1.0",
    paths: {
      "/pets": {
        get: { operationId: "all", responses: answer(object({ pet: reference("Pat"), item: reference("PetDto") })) },
      },
    },
    components: { schemas: { Pat: pet, PetDto: object({ id: text }) } },
  };
  expect(namesOf(document)).toMatchObject({ Pat: "Pet", PetDto: "PetDto" });
  expect(namesOf(document, "")).toMatchObject({ Pat: "Pet", PetDto: "PetDto" });
});
