import { expect, test } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { diffOf, lines } from "../support/diff.ts";
import { run, temporaryFolder, writeFiles } from "../support/source.ts";

const OK = { "202": { description: "ok" } };

/** A document whose callback, method of its own, links and callback of a callback each have a part to change. */
function shop(field: string, link: string): JsonObject {
  const inner = { deep: { "{$request.body#/url}": { post: { responses: OK } } } };
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Event" } } };
  return {
    openapi: "3.2.0",
    info: { title: "shop", version: "1" },
    paths: {
      "/orders": {
        post: {
          operationId: "order",
          callbacks: { onPaid: { $ref: "#/components/callbacks/Paid" } },
          responses: { "201": { description: "ok", links: { next: { operationId: link } } } },
        },
        additionalOperations: { COPY: { operationId: "copy", responses: OK } },
      },
    },
    components: {
      callbacks: {
        Paid: { "{$request.body#/url}": { post: { requestBody: { content }, responses: OK, callbacks: inner } } },
      },
      schemas: { Event: { type: "object", properties: { total: { type: field } } } },
    },
  };
}

test("a callback is compared as a webhook is: its payload comes in", async () => {
  const result = await diffOf(shop("string", "a"), shop("integer", "a"));
  expect(lines(result)).toEqual(["breaking type-changed Event .total"]);
  expect(result.findings[0]?.reaches).toMatchObject([
    { operation: "CALLBACK POST onPaid of POST /orders: {$request.body#/url}", side: "response" },
  ]);
});

test("a callback that is gone or new is a finding", async () => {
  const without = shop("string", "a");
  delete (((without.paths as JsonObject)["/orders"] as JsonObject).post as JsonObject).callbacks;
  const label = "CALLBACK POST onPaid of POST /orders: {$request.body#/url}";
  expect(lines(await diffOf(shop("string", "a"), without))).toEqual([`breaking operation-removed ${label}`]);
  expect(lines(await diffOf(without, shop("string", "a")))).toEqual([`additive operation-added ${label}`]);
});

test("a part that diff does not compare is named on standard error and in JSON, and only where it may differ", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "a/shop.json": shop("string", "a"), "b/shop.json": shop("string", "b") });
  const unread = [
    "shop: additionalOperations: COPY /orders",
    "shop: links: POST /orders 201",
    "shop: callbacks of a callback: Paid: {$request.body#/url}",
  ];
  const withoutTypes = await run(folder, ["diff", "a/shop.json", "b/shop.json", "--no-types", "--fail-on", "any"]);
  expect(withoutTypes).toMatchObject({ code: 0, err: unread.map((part) => `not compared: ${part}\n`).join("") });
  const { out } = await run(folder, ["diff", "a/shop.json", "b/shop.json", "--no-types", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ findings: [], notCompared: unread });
  const same = await run(folder, ["diff", "a/shop.json", "a/shop.json", "--no-types"]);
  expect(same.err).not.toContain("links");
});
