import { expect, test } from "vitest";
import { diffDocuments } from "../../src/compare/diff.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { diffOf, documentsOf, lines } from "../support/diff.ts";
import { baseDocument } from "./corpus/base.ts";

/** The base document with parts of its text replaced; each part must be there. */
function replaced(...pairs: [from: string, to: string][]): JsonObject {
  const text = pairs.reduce((all, [from, to]) => {
    expect(all).toContain(from);
    return all.replace(from, to);
  }, JSON.stringify(baseDocument()));
  return JSON.parse(text) as JsonObject;
}

function without(path: string): JsonObject {
  const document = baseDocument();
  delete (document.paths as JsonObject)[path];
  return document;
}

test("an operation that went to another module and changed there is found as both", async () => {
  const before = await documentsOf({ "v3/shop.json": baseDocument(), "v3/wood.json": without("/tree") });
  const after = await documentsOf({
    "v3/shop.json": without("/tree"),
    "v3/wood.json": { ...without("/orders/{orderId}"), paths: { ...(baseDocument().paths as JsonObject) } },
  });
  const { findings } = diffDocuments(before, after);
  expect(findings.map(({ kind, before: was, after: is, reaches }) => [kind, was, is, reaches[0]?.operation])).toEqual([
    ["module-changed", "v3/shop", "v3/wood", "GET /tree"],
    ["module-changed", "v3/shop", "v3/wood", "POST /tree"],
  ]);
});

test("a module that came and one that went are named, with their operations", async () => {
  const both = await documentsOf({ "v3/shop.json": without("/tree"), "v3/wood.json": without("/orders/{orderId}") });
  const one = await documentsOf({
    "v3/shop.json": without("/tree"),
    "v3/other.json": { ...without("/tree"), paths: { "/x": { get: { responses: { 200: { description: "" } } } } } },
  });
  const result = diffDocuments(both, one);
  expect(result.documents).toEqual({ added: ["v3/other"], removed: ["v3/wood"] });
  expect(lines(result)).toEqual([
    "breaking operation-removed GET /tree",
    "breaking operation-removed POST /tree",
    "additive operation-added GET /x",
  ]);
});

test("a field that may only be written no longer comes in answers", async () => {
  const result = await diffOf(
    baseDocument(),
    replaced(['"note":{"type":"string"},"due"', '"note":{"type":"string","writeOnly":true},"due"']),
  );
  expect(lines(result)).toEqual(["breaking now-write-only Order .note"]);
});

test("another discriminator field is metadata", async () => {
  const discriminatedBy = (name: string): [string, string] => [
    '"pay":{"oneOf":[',
    `"pay":{"discriminator":{"propertyName":"${name}"},"oneOf":[`,
  ];
  expect(lines(await diffOf(replaced(discriminatedBy("a")), replaced(discriminatedBy("b"))))).toEqual([
    "metadata discriminator-changed PUT /orders/{orderId} body.pay",
  ]);
});

test("parts of a body that are written otherwise break", async () => {
  const encoded = (value: string): [string, string] => [
    '"text/plain":{',
    `"text/plain":{"encoding":{"a":{"contentType":"${value}"}},`,
  ];
  expect(lines(await diffOf(replaced(encoded("a/a")), replaced(encoded("b/b"))))).toEqual([
    "breaking media-encoding-changed POST /tree body (text/plain)",
  ]);
});

test("the name of an event on the wire is metadata, and its payload is read", async () => {
  const events = (type: string, field: string): JsonObject => ({
    openapi: "3.1.0",
    info: { title: "events", version: "1" },
    webhooks: {
      Made: {
        post: { operationId: "Made", "x-type": [type], requestBody: { $ref: "#/components/requestBodies/Made" } },
      },
    },
    components: {
      requestBodies: { Made: { content: { "application/json": { schema: { $ref: "#/components/schemas/Made" } } } } },
      schemas: { Made: { type: "object", properties: { [field]: { type: "string" } } } },
    },
  });
  const read = (type: string, field: string) => documentsOf({ "webhooks.json": events(type, field) });
  expect(lines(diffDocuments(await read("A", "x"), await read("B", "x")))).toEqual([
    "metadata event-changed EVENT Made type",
  ]);
  expect(lines(diffDocuments(await read("A", "x"), await read("A", "y")))).toEqual([
    "breaking property-removed Made .x",
    "additive property-added Made .y",
  ]);
});

test("a field that two members of allOf declare is joined, in either order", async () => {
  const joined = (...members: string[]): JsonObject =>
    replaced([
      '"Base":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},',
      `"Base":{"allOf":[${members.join()}],"properties":{`,
    ]);
  const field = (schema: string): string => `{"type":"object","properties":{"id":${schema}}}`;
  const [date, short] = [field('{"type":"string","format":"date"}'), field('{"type":"string","maxLength":3}')];
  expect(lines(await diffOf(joined(date, short), joined(short, date)))).toEqual([]);
  expect(lines(await diffOf(joined(date, short), joined(short)))).toEqual(["breaking constraint-loosened Base .id"]);
});

test("webhooks of a document with operations are compared as what their receiver reads and answers", async () => {
  const hook = (payload: JsonObject, more: JsonObject = {}): JsonObject => ({
    ...baseDocument(),
    openapi: "3.1.0",
    webhooks: {
      orderPaid: {
        post: {
          parameters: [{ name: "X-Signature", in: "header", required: true, schema: { type: "string" } }],
          requestBody: { content: { "application/json": { schema: { type: "object", properties: payload } } } },
          responses: {
            200: {
              description: "",
              content: { "application/json": { schema: { type: "string", enum: ["ok", "no"] } } },
            },
          },
          ...more,
        },
      },
    },
  });
  const before = hook({ id: { type: "string" } });
  expect(lines(await diffOf(before, before))).toEqual([]);
  expect(lines(await diffOf(before, hook({})))).toEqual([
    "breaking property-removed WEBHOOK POST orderPaid payload.id",
  ]);
  expect(lines(await diffOf(hook({}), before))).toEqual(["additive property-added WEBHOOK POST orderPaid payload.id"]);
  expect(lines(await diffOf(before, hook({ id: { type: "string" } }, { parameters: [] })))).toEqual([
    "breaking response-header-removed WEBHOOK POST orderPaid payload header x-signature",
  ]);
  const onlyOk = { 200: { content: { "application/json": { schema: { type: "string", enum: ["ok"] } } } } };
  expect(lines(await diffOf(before, hook({ id: { type: "string" } }, { responses: onlyOk })))).toEqual([
    "breaking enum-values-removed WEBHOOK POST orderPaid body",
  ]);
  const { webhooks: _, ...none } = before;
  expect(lines(await diffOf(before, none))).toEqual(["breaking operation-removed WEBHOOK POST orderPaid"]);
});
