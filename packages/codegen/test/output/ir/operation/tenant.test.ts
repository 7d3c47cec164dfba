import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/json/json.ts";
import { buildModule } from "../../../../src/output/ir/module.ts";

function tenantOf(parameters: JsonObject[], bodySchema?: JsonObject, bodyRequired = true) {
  const requestBody = { required: bodyRequired, content: { "application/json": { schema: bodySchema ?? true } } };
  const operation: JsonObject = { operationId: "x", parameters, responses: {}, ...(bodySchema && { requestBody }) };
  const { operations } = buildModule(
    { openapi: "3.1.0", paths: { "/x": { post: operation } } },
    { name: "x", api: "v3", file: "x" },
  );
  return operations[0]?.tenant;
}
const query = (name: string, required: boolean, schema: JsonObject = { type: "string" }): JsonObject => ({
  name,
  in: "query",
  required,
  schema,
});
const object = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: "object",
  properties,
  required,
});
const text: JsonObject = { type: "string" };
const location: JsonObject = { type: "string", enum: ["location"] };

test("a field that the operation can do without has a capital", () => {
  expect(tenantOf([query("locationId", false)])).toEqual({ fields: { locationId: "Q" }, params: [], body: [] });
});

test("a parameter wins over the body", () => {
  const tenant = tenantOf([query("locationId", true)], object({ locationId: text }, ["locationId"]));
  expect(tenant).toEqual({ fields: { locationId: "q" }, params: ["location"], body: [] });
});

test("a body with several tenants is bound to each of them", () => {
  const tenant = tenantOf([], object({ locationId: text, companyId: text }, ["locationId", "companyId"]));
  expect(tenant).toEqual({ fields: { locationId: "b", companyId: "b" }, params: [], body: ["location", "company"] });
});

test("an optional altId without altType is somebody else's id", () => {
  expect(tenantOf([], object({ altId: text }))).toEqual({ fields: {}, params: [], body: [] });
});

test("an altType that may be a company is left to the caller", () => {
  const either = { type: "string", enum: ["location", "company"] };
  const tenant = tenantOf([query("altId", true), query("altType", true, either)]);
  expect(tenant).toEqual({ fields: { altId: "q" }, params: ["altId"], body: [] });
});

test("an optional altType is filled in but not demanded", () => {
  const tenant = tenantOf([query("altId", true), query("altType", false, location)]);
  expect(tenant).toEqual({ fields: { altId: "q", altType: "Q" }, params: ["altId"], body: [] });
});

test.each([
  ["composed", { allOf: [object({ locationId: text }, ["locationId"])] }],
  ["open", { ...object({ locationId: text }, ["locationId"]), additionalProperties: true }],
  ["a union", { oneOf: [object({ locationId: text })] }],
  ["not an object", { type: "array", items: object({ locationId: text }) }],
  ["a list of ids", object({ locationId: { type: "array", items: text } }, ["locationId"])],
])("a body that is %s is left alone", (_, schema) => {
  expect(tenantOf([], schema)?.fields).toEqual({});
});

test("documents that are not HighLevel's have no tenants", () => {
  const document = {
    openapi: "3.1.0",
    paths: { "/x": { get: { parameters: [query("locationId", true)], responses: {} } } },
  };
  expect(buildModule(document, { name: "x", api: "", file: "x" }).operations[0]?.tenant.fields).toEqual({});
});
