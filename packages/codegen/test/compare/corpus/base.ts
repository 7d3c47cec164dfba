import type { JsonObject } from "../../../src/json/json.ts";

/** A document with one of everything, as upstream would write it. */
export function baseDocument(): JsonObject {
  const json = (schema: JsonObject): JsonObject => ({ content: { "application/json": { schema } } });
  const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
  return {
    openapi: "3.0.0",
    info: { title: "Shop", version: "1.0" },
    servers: [{ url: "https://shop.example" }],
    paths: {
      "/orders/{orderId}": {
        put: {
          operationId: "update-order",
          summary: "Update an order",
          description: "Updates an order.",
          security: [{ bearer: ["orders.write"] }],
          parameters: [
            { name: "Version", in: "header", required: true, schema: { type: "string", enum: ["2021-07-28"] } },
            { name: "orderId", in: "path", required: true, schema: { type: "string" } },
            { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
            { name: "sort", in: "query", required: true, schema: { type: "string", enum: ["asc", "desc"] } },
            { name: "tags", in: "query", schema: { type: "array", items: { type: "string" } } },
            { name: "x-trace", in: "header", schema: { type: "string" } },
          ],
          requestBody: {
            ...json({
              type: "object",
              required: ["price"],
              properties: {
                note: { type: "string", maxLength: 10, nullable: true },
                code: { type: "string", pattern: "^a", format: "uuid" },
                price: ref("Money"),
                lines: { type: "array", minItems: 1, items: ref("Line") },
                pay: { oneOf: [ref("Card"), ref("Bank")] },
                labels: { type: "object", additionalProperties: { type: "string" } },
                count: { type: "integer" },
                strict: { type: "object", additionalProperties: false, properties: { a: { type: "string" } } },
              },
            }),
          },
          responses: {
            200: { description: "OK", headers: { "X-Left": { schema: { type: "integer" } } }, ...json(ref("Order")) },
            404: { description: "None", ...json({ type: "object", properties: { message: { type: "string" } } }) },
          },
        },
      },
      "/tree": {
        get: {
          operationId: "get-tree",
          responses: { 200: { description: "OK", ...json(ref("Node")) }, 204: { description: "None" } },
        },
        post: {
          operationId: "grow-tree",
          requestBody: {
            content: {
              "application/json": { schema: { type: "object", properties: { leaf: { type: "string" } } } },
              "text/plain": { schema: { type: "string" } },
            },
          },
          responses: { 200: { description: "OK" } },
        },
      },
    },
    components: {
      schemas: {
        Money: {
          type: "object",
          required: ["amount"],
          properties: { amount: { type: "number" }, currency: { type: "string", enum: ["EUR", "USD"] } },
        },
        Line: { allOf: [ref("Base"), { type: "object", properties: { product: { type: "string" } } }] },
        Base: { type: "object", required: ["id"], properties: { id: { type: "string" }, old: { type: "string" } } },
        Card: { type: "object", required: ["number"], properties: { number: { type: "string" } } },
        Bank: { type: "object", required: ["iban"], properties: { iban: { type: "string" } } },
        Cash: { type: "object", required: ["coins"], properties: { coins: { type: "integer" } } },
        Order: {
          type: "object",
          required: ["id", "state"],
          properties: {
            id: { type: "string" },
            state: { type: "string", enum: ["open", "done"] },
            total: ref("Money"),
            lines: { type: "array", items: ref("Line") },
            note: { type: "string" },
            due: { type: "string", format: "date" },
            paid: { anyOf: [{ type: "string" }, { type: "number" }] },
          },
        },
        Node: {
          type: "object",
          properties: { name: { type: "string" }, children: { type: "array", items: ref("Node") } },
        },
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}
