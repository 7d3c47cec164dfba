import { arrayAt, type JsonObject, objectAt } from "../../../src/json/json.ts";
import { A, B, type RowText } from "./case.ts";
import { dig, property, put, schema } from "./document-paths.ts";

const headers = (document: JsonObject): JsonObject => dig(put(document), "responses", "200", "headers");

export const ANSWERS: readonly RowText[] = [
  [
    "a field of the answer is added",
    "Order.extra",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(schema(d, "Order"), "properties").extra = { type: "string" };
    },
  ],
  [
    "a required field of the answer is added",
    "Order.extra",
    `${A} property-added-required`,
    `${B} property-removed`,
    (d) => {
      dig(schema(d, "Order"), "properties").extra = { type: "string" };
      schema(d, "Order").required = ["id", "state", "extra"];
    },
  ],
  [
    "a field of the answer may be missing",
    "Order.state",
    `${B} property-now-optional`,
    `${A} property-now-required`,
    (d) => {
      schema(d, "Order").required = ["id"];
    },
  ],
  [
    "a field of the answer may be null",
    "Order.id",
    `${B} now-nullable`,
    `${A} no-longer-nullable`,
    (d) => {
      property(d, "Order", "id").nullable = true;
    },
  ],
  [
    "an answer has a new value",
    "Order.state",
    `${B} enum-values-added`,
    `${A} enum-values-removed`,
    (d) => {
      property(d, "Order", "state").enum = ["open", "done", "lost"];
    },
  ],
  [
    "an answer's values are listed",
    "Order.id",
    `${A} enum-introduced`,
    `${B} enum-dropped`,
    (d) => {
      property(d, "Order", "id").enum = ["a"];
    },
  ],
  [
    "a format of the answer changes",
    "Order.due",
    `${B} constraint-changed`,
    `${B} constraint-changed`,
    (d) => {
      property(d, "Order", "due").format = "date-time";
    },
  ],
  [
    "a form of the answer is added",
    "Order.paid",
    `${B} type-widened`,
    `${A} type-narrowed`,
    (d) => void arrayAt(property(d, "Order", "paid").anyOf).push({ type: "boolean" }),
  ],
  [
    "an answer becomes a list",
    "200",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      dig(d, "paths", "/tree", "get", "responses", "200", "content", "application/json").schema = {
        type: "array",
        items: { $ref: "#/components/schemas/Node" },
      };
    },
  ],
  [
    "a success is added",
    "201",
    `${A} response-added`,
    `${B} response-removed`,
    (d) => {
      dig(put(d), "responses")["201"] = { description: "" };
    },
  ],
  [
    "an error is added",
    "422",
    `${A} response-added`,
    `${A} error-response-removed`,
    (d) => {
      dig(put(d), "responses")["422"] = { description: "" };
    },
  ],
  [
    "the status changes",
    "200",
    `${B} response-status-changed`,
    `${B} response-status-changed`,
    (d) => {
      const responses = dig(d, "paths", "/tree", "post", "responses");
      responses["201"] = responses["200"] ?? null;
      delete responses["200"];
    },
  ],
  [
    "the answer is described",
    "200",
    `${A} media-type-added`,
    `${B} media-type-removed`,
    (d) => {
      dig(d, "paths", "/tree", "post", "responses", "200").content = {
        "application/json": { schema: { type: "string" } },
      };
    },
  ],
  [
    "a field of an error goes",
    "404.message",
    `${B} property-removed`,
    `${A} property-added`,
    (d) => {
      dig(put(d), "responses", "404", "content", "application/json").schema = { type: "object", properties: {} };
    },
  ],

  [
    "a shared field is added",
    "Money.extra",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(schema(d, "Money"), "properties").extra = { type: "string" };
    },
  ],
  [
    "a shared field becomes required",
    "Money.currency",
    `${B} property-now-required`,
    `${B} property-now-optional`,
    (d) => {
      schema(d, "Money").required = ["amount", "currency"];
    },
  ],
  [
    "a shared list of values grows",
    "Money.currency",
    `${B} enum-values-added`,
    `${B} enum-values-removed`,
    (d) => {
      property(d, "Money", "currency").enum = ["EUR", "USD", "GBP"];
    },
  ],
  [
    "a schema below allOf changes",
    "Base.old",
    `${B} property-removed`,
    `${A} property-added`,
    (d) => {
      delete dig(schema(d, "Base"), "properties").old;
    },
  ],
  [
    "a schema beside allOf changes",
    "Line.extra",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(objectAt(arrayAt(schema(d, "Line").allOf)[1]), "properties").extra = { type: "string" };
    },
  ],
  [
    "a schema that holds itself changes",
    "Node.name",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      property(d, "Node", "name").type = "integer";
    },
  ],
  [
    "a header of the answer is added",
    "200 header x-more",
    `${A} response-header-added`,
    `${B} response-header-removed`,
    (d) => {
      headers(d)["X-More"] = { schema: { type: "string" } };
    },
  ],
  [
    "a header of the answer is always there",
    "200 header x-left",
    `${A} response-header-now-required`,
    `${B} response-header-now-optional`,
    (d) => {
      dig(headers(d), "X-Left").required = true;
    },
  ],
  [
    "a header of the answer has another type",
    "200 header x-left",
    `${B} type-widened`,
    `${A} type-narrowed`,
    (d) => {
      dig(headers(d), "X-Left", "schema").type = "number";
    },
  ],
];
