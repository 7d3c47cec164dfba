import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/json/json.ts";
import { readWebhooks } from "../../../../src/output/ir/webhook/webhook.ts";

const ENVELOPE = { $ref: "#/components/schemas/Envelope" };
const NOTE = { $ref: "#/components/schemas/Note" };

const body = (schema: Json): JsonObject => ({ content: { "application/json": { schema } } });

function operation(name: string, changes: JsonObject = {}): JsonObject {
  return {
    post: {
      operationId: name,
      "x-category": "note",
      "x-status": "documented",
      "x-type": [name],
      "x-discriminator": "event",
      "x-tenant": { location: "locationId" },
      "x-source": "page",
      "x-date": "2026-01-01",
      requestBody: { $ref: "#/components/requestBodies/Note" },
      ...changes,
    },
  };
}

function document(webhooks: JsonObject, schemas: JsonObject = {}, bodies: JsonObject = {}): JsonObject {
  return {
    info: { version: "1" },
    webhooks,
    components: {
      requestBodies: { Note: body({ allOf: [ENVELOPE, NOTE] }), ...bodies },
      schemas: {
        Envelope: { type: "object", properties: { type: { type: "string" } } },
        Note: { type: "object", properties: { id: { type: "string" } } },
        ...schemas,
      },
    },
  };
}

test("a webhook document gives events with payload and tenant", () => {
  const model = readWebhooks(
    document({ A: operation("A", { "x-tenant": { location: "altId", where: { altType: "location" } } }) }),
  );
  expect(model.events).toEqual([
    {
      name: "A",
      category: "note",
      status: "documented",
      discriminator: "event",
      wire: ["A"],
      aliases: [],
      tenant: { location: "altId", where: ["altType", "location"] },
      scopes: undefined,
      source: "page",
      date: "2026-01-01",
      payload: "Note",
      list: false,
    },
  ]);
  expect(model.schemas.get("Note")?.fields).toEqual([{ name: "id", required: false, shape: { scalars: ["string"] } }]);
});

describe("a refused webhook document", () => {
  const one = (changes: JsonObject) => document({ A: operation("A", changes) });
  const schema = (value: Json) => document({ A: operation("A") }, { Note: value });
  const cases: [string, Json, string][] = [
    ["no object", [], "#"],
    ["no webhooks", { components: {} }, "#/webhooks"],
    ["no envelope", document({}, { Envelope: null }), "#/components/schemas/Envelope"],
    ["another operationId", one({ operationId: "B" }), "#/webhooks/A/post/operationId"],
    ["no type", one({ "x-type": [] }), "#/webhooks/A/post/x-type"],
    ["a type that is no text", one({ "x-type": [1] }), "#/webhooks/A/post/x-type"],
    ["an unknown status", one({ "x-status": "rumour" }), "#/webhooks/A/post/x-status"],
    ["an unknown discriminator", one({ "x-discriminator": "shape" }), "#/webhooks/A/post/x-discriminator"],
    ["no date", one({ "x-date": "" }), "#/webhooks/A/post/x-date"],
    ["no tenant", one({ "x-tenant": "locationId" }), "#/webhooks/A/post/x-tenant"],
    ["two conditions", one({ "x-tenant": { where: { a: "b", c: "d" } } }), "#/webhooks/A/post/x-tenant"],
    ["an inline body", one({ requestBody: body(ENVELOPE) }), "#/webhooks/A/post/requestBody"],
    [
      "a body that is not there",
      one({ requestBody: { $ref: "#/components/requestBodies/X" } }),
      "#/webhooks/A/post/requestBody",
    ],
    [
      "a body without the envelope",
      document({ A: operation("A") }, {}, { Note: body(NOTE) }),
      "#/components/requestBodies/Note/content/application~1json/schema",
    ],
    [
      "a list of something else",
      document({ A: operation("A") }, {}, { Note: body({ oneOf: [ENVELOPE, { type: "array", items: NOTE }] }) }),
      "#/components/requestBodies/Note/content/application~1json/schema",
    ],
    [
      "a dangling payload",
      document({ A: operation("A") }, {}, { Note: body({ allOf: [ENVELOPE, { $ref: "#/components/schemas/X" }] }) }),
      "#/webhooks/A",
    ],
    [
      "a dangling field",
      schema({ type: "object", properties: { a: { type: "array", items: { $ref: "#/components/schemas/X" } } } }),
      "#/components/schemas/Note/properties/a",
    ],
    [
      "a reference elsewhere",
      schema({ type: "object", properties: { a: { $ref: "other.yaml" } } }),
      "#/components/schemas/Note/properties/a",
    ],
    [
      "a dangling base",
      schema({ allOf: [{ $ref: "#/components/schemas/X" }, { type: "object" }] }),
      "#/components/schemas/Note",
    ],
    ["no object schema", schema({ type: "string" }), "#/components/schemas/Note"],
    [
      "a type of no JSON Schema",
      schema({ type: "object", properties: { a: { type: "Date" } } }),
      "#/components/schemas/Note/properties/a/type",
    ],
    [
      "an inline object",
      schema({ type: "object", properties: { a: { type: "object", properties: {} } } }),
      "#/components/schemas/Note/properties/a/properties",
    ],
    [
      "a union without a named schema",
      schema({ type: "object", properties: { a: { anyOf: [{ type: "string" }, { type: "number" }] } } }),
      "#/components/schemas/Note/properties/a/anyOf",
    ],
    [
      "a union of two named schemas",
      schema({ type: "object", properties: { a: { anyOf: [NOTE, NOTE] } } }),
      "#/components/schemas/Note/properties/a/anyOf",
    ],
    [
      "a required field that is not there",
      schema({ type: "object", required: ["b"], properties: {} }),
      "#/components/schemas/Note/required",
    ],
    [
      "a marker that is no field",
      schema({ type: "object", "x-markers": ["b"], properties: {} }),
      "#/components/schemas/Note/x-markers",
    ],
  ];
  test.each(cases)("a webhook document is refused with the position: %s", (_, value, pointer) => {
    expect(() => readWebhooks(value, "w.yaml")).toThrow(
      expect.objectContaining({ code: "ERR_GHL_CODEGEN_WEBHOOKS_INVALID", file: "w.yaml", pointer }),
    );
  });

  test.each([
    ["two events of one type", document({ A: operation("A"), B: operation("B", { "x-type": ["a"] }) }), "#/webhooks/B"],
    [
      "an alias that is another event",
      document({ A: operation("A", { "x-aliases": ["b"] }), B: operation("B") }),
      "#/webhooks/B",
    ],
    ["an event called like a schema", document({ Note: operation("Note") }), "#/webhooks/Note"],
  ])("a name clash in a webhook document is refused with the position: %s", (_, value, pointer) => {
    expect(() => readWebhooks(value, "w.yaml")).toThrow(
      expect.objectContaining({ code: "ERR_GHL_CODEGEN_NAME_CLASH", file: "w.yaml", pointer }),
    );
  });
});
