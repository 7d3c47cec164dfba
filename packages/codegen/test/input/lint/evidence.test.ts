import { expect, test } from "vitest";
import type { Observation, Sureness } from "../../../src/input/evidence/evidence.ts";
import { shapeOf } from "../../../src/input/evidence/shape/shape.ts";
import { lint } from "../../../src/input/lint/lint.ts";
import { parseSource } from "../../../src/input/load/documents.ts";
import type { Json } from "../../../src/json/json.ts";

const DOCUMENT = {
  openapi: "3.0.0",
  paths: {
    "/contacts/{contactId}": {
      get: {
        responses: {
          200: {
            description: "",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Contact" } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Contact: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string" }, email: { type: "string", nullable: true }, phone: { type: "string" } },
      },
    },
  },
};

function findings(value: Json, sureness: Sureness) {
  const observation: Observation = {
    operation: "GET /contacts/{id}",
    sources: ["a recording"],
    sureness,
    date: undefined,
    version: undefined,
    status: [200],
    answers: { count: 1, shape: shapeOf([value]) },
    requests: undefined,
    query: [],
  };
  const files = new Map([["apps/contacts.json", new TextEncoder().encode(JSON.stringify(DOCUMENT))]]);
  const documents = parseSource({ label: "", files, origin: {} });
  return lint(documents, new Map([["contacts", [observation]]]))
    .filter(({ class: name }) => /evidence|claim|described/.test(name))
    .map(({ class: name, pointer, detail }) => `${name} ${pointer} ${detail}`);
}

test("lint names the position, the kind and the evidence of a contradiction", () => {
  expect(findings({ email: null, phone: null }, "recorded")).toEqual([
    "contradicts-evidence #/components/schemas/Contact GET /contacts/{id} answer $.id missing_required: required, seen 0 of 1 times; recorded: a recording",
    "contradicts-evidence #/components/schemas/Contact/properties/phone GET /contacts/{id} answer $.phone null: string, seen null; recorded: a recording",
  ]);
});

test("lint marks findings that rest on one claim, and separates members that no schema has", () => {
  expect(findings({ dnd: true }, "claimed")).toEqual([
    "contradicts-claim #/components/schemas/Contact GET /contacts/{id} answer $.id missing_required: required, seen 0 of 1 times; claimed by one source: a recording",
    "field-not-described #/components/schemas/Contact GET /contacts/{id} answer $.dnd unknown_field: no such member is described; claimed by one source: a recording",
  ]);
});
