import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/json/json.ts";
import { buildModule } from "../../../../src/output/ir/module.ts";

const answer = { 200: { description: "", content: { "application/json": { schema: {} } } } };
const parameter = (more: JsonObject): JsonObject => ({ parameters: [{ name: "p", schema: {}, ...more }] });
const body = (type: string): JsonObject => ({ requestBody: { content: { [type]: { schema: {} } } } });
const build = (api: string, operation: JsonObject) =>
  buildModule(
    { openapi: "3.1.0", paths: { "/a": { post: { operationId: "a", responses: answer, ...operation } } } },
    { name: "a", api, file: "a.json" },
  );

test.each<[string, JsonObject, RegExp]>([
  ["a required header", parameter({ in: "header", required: true }), /header parameter p is required/],
  ["a required cookie", parameter({ in: "cookie", required: true }), /cookie parameter p is required/],
  ["a deepObject", parameter({ in: "query", style: "deepObject" }), /query parameter p is written in a way/],
  [
    "a parameter as JSON",
    parameter({ in: "query", content: { "application/json": {} } }),
    /query parameter p is written/,
  ],
  ["bytes", body("application/octet-stream"), /a body of application\/octet-stream/],
  ["JSON of a vendor", body("application/vnd.x+json"), /a body of application\/vnd\.x\+json/],
  [
    "an event stream",
    { responses: { 200: { description: "", content: { "text/event-stream": {} } } } },
    /event stream/,
  ],
])("%s in a document of HighLevel's stops the generator; in another it is generated", (_, operation, message) => {
  expect(() => build("v3", operation)).toThrow(
    expect.objectContaining({
      code: "ERR_GHL_CODEGEN_UNSUPPORTED",
      file: "a.json",
      pointer: "#/paths/~1a/post",
      message: expect.stringMatching(message),
    }),
  );
  expect(build("", operation).operations).toHaveLength(1);
});

test.each<[string, JsonObject]>([
  ["an optional header", parameter({ in: "header" })],
  ["a list with commas", parameter({ in: "query", explode: false, schema: { type: "array", items: {} } })],
  ["a form", body("application/x-www-form-urlencoded")],
])("%s in a document of HighLevel's is served by the core", (_, operation) => {
  expect(build("v3", operation).operations).toHaveLength(1);
});
