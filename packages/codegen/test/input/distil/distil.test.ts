import fc from "fast-check";
import { expect, test } from "vitest";
import { distil } from "../../../src/input/distil/distil.ts";
import { printDocument } from "../../../src/input/distil/print.ts";
import { isObject, type Json, type JsonObject } from "../../../src/json/json.ts";

const OPTIONS = { title: "things", version: "v3" };

const DOCUMENT: JsonObject = {
  openapi: "3.0.0",
  info: { title: "Things", version: "1", description: "D" },
  tags: [{ name: "T" }],
  "x-tagGroups": {},
  servers: [{ url: "https://x.example", description: "D" }],
  paths: {
    "/b/{two}/{one}/": {
      summary: "S",
      parameters: [{ name: "one", in: "path", required: true, schema: { type: "string" } }],
      post: {
        operationId: "make-b",
        tags: ["T"],
        externalDocs: { url: "https://d.example" },
        "x-version-added": "v3",
        "x-method-name": "makeB",
        "x-pagination": { strategy: "page", items: "" },
        parameters: [
          { name: "version", in: "header", required: true, schema: { type: "string", enum: ["v3"] } },
          {
            name: "z",
            in: "query",
            required: false,
            schema: { type: "array", items: { type: "string" } },
            explode: false,
          },
          { name: "a", in: "query", description: "D", example: 1, schema: { type: "string" } },
          { name: "two", in: "path", required: true, schema: { type: "string" } },
        ],
        requestBody: {
          description: "D",
          required: true,
          content: { "application/json": { example: {}, schema: { $ref: "#/components/schemas/A" } } },
        },
        responses: {
          204: { description: "D" },
          200: { description: "D", headers: {}, content: { "application/json": { schema: { type: "object" } } } },
        },
        security: [{ "Location-Access": ["b", "a"] }, { "Agency-Access-Only": [] }],
      },
      get: { operationId: "get-b", deprecated: true, responses: {}, security: [] },
    },
    "/a": { get: { responses: {} }, "x-note": "N" },
  },
  components: {
    schemas: {
      A: { type: "object", properties: { c: { $ref: "#/components/schemas/C" } } },
      B: { type: "string" },
      C: { type: "array", items: { $ref: "#/components/schemas/A" } },
    },
    securitySchemes: {
      "Location-Access": { type: "http", scheme: "bearer", description: "D" },
      "Agency-Access-Only": { type: "http", scheme: "bearer" },
      bearer: { type: "http", scheme: "bearer" },
    },
  },
};

test("a distilled document keeps its parts in their order", () => {
  expect(printDocument(distil(DOCUMENT, OPTIONS))).toMatchInlineSnapshot(`
    "{
     "openapi": "3.1.0",
     "info": {
      "title": "things",
      "version": "v3"
     },
     "servers": [
      {
       "url": "https://x.example"
      }
     ],
     "paths": {
      "/a": {
       "get": {
        "responses": {}
       }
      },
      "/b/{two}/{one}/": {
       "get": {
        "operationId": "get-b",
        "deprecated": true,
        "x-token": [],
        "security": [],
        "parameters": [
         {
          "name": "one",
          "in": "path",
          "required": true,
          "schema": {
           "type": "string"
          }
         }
        ],
        "responses": {}
       },
       "post": {
        "operationId": "make-b",
        "x-method-name": "makeB",
        "x-pagination": {
         "items": "",
         "strategy": "page"
        },
        "x-api-version": "v3",
        "x-token": [
         "location",
         "location-pit",
         "company"
        ],
        "security": [
         {
          "Agency-Access-Only": []
         },
         {
          "Location-Access": [
           "a",
           "b"
          ]
         }
        ],
        "parameters": [
         {
          "name": "two",
          "in": "path",
          "required": true,
          "schema": {
           "type": "string"
          }
         },
         {
          "name": "one",
          "in": "path",
          "required": true,
          "schema": {
           "type": "string"
          }
         },
         {
          "name": "a",
          "in": "query",
          "schema": {
           "type": "string"
          }
         },
         {
          "name": "z",
          "in": "query",
          "explode": false,
          "schema": {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         }
        ],
        "requestBody": {
         "required": true,
         "content": {
          "application/json": {
           "schema": {
            "$ref": "#/components/schemas/A"
           }
          }
         }
        },
        "responses": {
         "200": {
          "description": "",
          "content": {
           "application/json": {
            "schema": {
             "type": "object"
            }
           }
          }
         },
         "204": {
          "description": ""
         }
        }
       }
      }
     },
     "components": {
      "schemas": {
       "A": {
        "type": "object",
        "properties": {
         "c": {
          "$ref": "#/components/schemas/C"
         }
        }
       },
       "C": {
        "type": "array",
        "items": {
         "$ref": "#/components/schemas/A"
        }
       }
      },
      "securitySchemes": {
       "Agency-Access-Only": {
        "type": "http",
        "scheme": "bearer"
       },
       "Location-Access": {
        "type": "http",
        "scheme": "bearer"
       }
      }
     }
    }
    "
  `);
});

/** The same JSON with the members of every object in another order. */
function shuffled(value: Json, random: () => number): Json {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [random(), key, shuffled(item, random)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, key, item]) => [key, item]));
}

test("the order of members upstream does not matter", () => {
  const expected = printDocument(distil(DOCUMENT, OPTIONS));
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
      const document = shuffled(DOCUMENT, () => stream.next().value) as JsonObject;
      expect(printDocument(distil(document, OPTIONS))).toBe(expected);
    }),
  );
});

test("distilling twice changes nothing but what became a property of the operation", () => {
  const once = distil(DOCUMENT, OPTIONS);
  const twice = distil(once, OPTIONS);
  expect(printDocument(twice)).toBe(printDocument(once).replace('    "x-api-version": "v3",\n', ""));
});
