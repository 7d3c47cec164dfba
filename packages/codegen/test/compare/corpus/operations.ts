import { A, B, M, type RowText } from "./case.ts";
import { dig, dropParameter, parameter, property, put } from "./document-paths.ts";

export const OPERATIONS: readonly RowText[] = [
  [
    "an operation is added",
    "",
    `${A} operation-added`,
    `${B} operation-removed`,
    (d) => {
      dig(d, "paths", "/tree").delete = { operationId: "fell-tree", responses: { 204: { description: "" } } };
    },
  ],
  [
    "a path is added",
    "",
    `${A} operation-added`,
    `${B} operation-removed`,
    (d) => {
      dig(d, "paths")["/new"] = { get: { operationId: "get-new", responses: { 200: { description: "" } } } };
    },
  ],
  [
    "an operation moves to another path",
    "",
    `${B} operation-moved`,
    `${B} operation-moved`,
    (d) => {
      const paths = dig(d, "paths");
      paths["/trees"] = { get: dig(paths, "/tree").get ?? null };
      delete dig(paths, "/tree").get;
    },
  ],
  [
    "an operation changes its method",
    "",
    `${B} operation-moved`,
    `${B} operation-moved`,
    (d) => {
      const item = dig(d, "paths", "/tree");
      item.patch = item.post ?? null;
      delete item.post;
    },
  ],
  [
    "a path parameter is renamed",
    "path orderId",
    `${M} path-parameter-renamed`,
    `${M} path-parameter-renamed`,
    (d) => {
      const paths = dig(d, "paths");
      parameter(d, "orderId").name = "id";
      paths["/orders/{id}"] = paths["/orders/{orderId}"] ?? null;
      delete paths["/orders/{orderId}"];
    },
  ],

  [
    "the operationId changes",
    "",
    `${M} operation-id-changed`,
    `${M} operation-id-changed`,
    (d) => {
      put(d).operationId = "change-order";
    },
  ],
  [
    "a scope is added",
    "",
    `${M} scopes-changed`,
    `${M} scopes-changed`,
    (d) => {
      put(d).security = [{ bearer: ["orders.write", "orders.all"] }];
    },
  ],
  [
    "another security scheme",
    "",
    `${M} security-changed`,
    `${M} security-changed`,
    (d) => {
      put(d).security = [{ key: [] }];
      dig(d, "components", "securitySchemes").key = { type: "apiKey", in: "header", name: "key" };
    },
  ],
  [
    "the Version header changes",
    "",
    `${M} version-changed`,
    `${M} version-changed`,
    (d) => {
      parameter(d, "Version").schema = { type: "string", enum: ["v3"] };
    },
  ],
  [
    "the Version header comes",
    "",
    `${M} version-changed`,
    `${M} version-changed`,
    (d) => {
      dropParameter(d, "Version");
    },
  ],
  [
    "an operation is deprecated",
    "",
    `${M} deprecated`,
    `${M} no-longer-deprecated`,
    (d) => {
      put(d).deprecated = true;
    },
  ],
  [
    "a parameter is deprecated",
    "query limit",
    `${M} deprecated`,
    `${M} no-longer-deprecated`,
    (d) => {
      parameter(d, "limit").deprecated = true;
    },
  ],
  [
    "a field is deprecated",
    "Order.note",
    `${M} deprecated`,
    `${M} no-longer-deprecated`,
    (d) => {
      property(d, "Order", "note").deprecated = true;
    },
  ],
  [
    "the host changes",
    "",
    `${M} server-changed`,
    `${M} server-changed`,
    (d) => {
      d.servers = [{ url: "https://other.example" }];
    },
  ],
  [
    "a security scheme changes",
    "",
    `${M} security-scheme-changed`,
    `${M} security-scheme-changed`,
    (d) => {
      dig(d, "components", "securitySchemes", "bearer").bearerFormat = "JWT";
    },
  ],
  [
    "pagination is declared",
    "",
    `${M} pagination-changed`,
    `${M} pagination-changed`,
    (d) => {
      put(d)["x-pagination"] = { strategy: "offset", items: "lines", param: "limit" };
    },
  ],
  [
    "a method name is given",
    "",
    `${M} method-name-changed`,
    `${M} method-name-changed`,
    (d) => {
      put(d)["x-method-name"] = "saveOrder";
    },
  ],

  [
    "a description changes",
    "",
    "docs docs-changed",
    "docs docs-changed",
    (d) => {
      put(d).description = "Changes an order.";
    },
  ],
  [
    "a field's words change",
    "",
    "docs docs-changed",
    "docs docs-changed",
    (d) => {
      property(d, "Order", "note").description = "A note";
    },
  ],
];
