import { expect, test } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { pointerOf } from "../../src/json/pointer.ts";
import { walkReferences, walkSchemas } from "../../src/json/walk.ts";

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

test("references inside examples are data, properties called example are not", () => {
  const document: JsonObject = {
    components: {
      schemas: {
        A: { example: ref("No"), properties: { example: ref("Yes"), $ref: { type: "string" } } },
        default: ref("Yes2"),
      },
    },
    paths: {
      "/x": { get: { responses: { default: { content: { "*/*": { schema: ref("Yes3"), examples: ref("No") } } } } } },
    },
  };
  const found: string[] = [];
  walkReferences(document, (_, reference, position) =>
    found.push(`${pointerOf(position)} ${reference.split("/").pop()}`),
  );
  expect(found).toEqual([
    "#/components/schemas/A/properties/example Yes",
    "#/components/schemas/default Yes2",
    "#/paths/~1x/get/responses/default/content/*~1*/schema Yes3",
  ]);
});

test("schemas are met wherever they may stand", () => {
  const schema = { type: "string" };
  const document: JsonObject = {
    components: { schemas: { A: { allOf: [schema], additionalProperties: { items: schema } } } },
    paths: {
      "/x": {
        parameters: [{ schema }],
        post: {
          parameters: [{ content: { "application/json": { schema } } }],
          requestBody: { content: { "application/json": { schema } } },
          responses: { 200: { headers: { X: { schema } }, content: { "text/plain": { schema } } } },
        },
        "x-other": { parameters: [{ schema }] },
      },
    },
  };
  const found: string[] = [];
  walkSchemas(document, (_, position) => found.push(pointerOf(position).replace("#/paths/~1x", "")));
  expect(found).toEqual([
    "#/components/schemas/A",
    "#/components/schemas/A/additionalProperties",
    "#/components/schemas/A/additionalProperties/items",
    "#/components/schemas/A/allOf/0",
    "/parameters/0/schema",
    "/post/parameters/0/content/application~1json/schema",
    "/post/requestBody/content/application~1json/schema",
    "/post/responses/200/content/text~1plain/schema",
    "/post/responses/200/headers/X/schema",
  ]);
});
