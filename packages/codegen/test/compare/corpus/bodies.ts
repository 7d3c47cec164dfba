import { arrayAt, objectAt } from "../../../src/json/json.ts";
import { A, B, type RowText } from "./case.ts";
import { body, dig, field, put, schema } from "./document-paths.ts";

export const BODIES: readonly RowText[] = [
  [
    "a body becomes required",
    "body",
    `${B} body-now-required`,
    `${A} body-now-optional`,
    (d) => {
      objectAt(put(d).requestBody).required = true;
    },
  ],
  [
    "a body goes",
    "body",
    `${B} body-removed`,
    `${A} body-added`,
    (d) => {
      delete dig(d, "paths", "/tree", "post").requestBody;
    },
  ],
  [
    "a required body comes",
    "body",
    `${B} body-added-required`,
    `${B} body-removed`,
    (d) => {
      dig(d, "paths", "/tree", "get").requestBody = {
        required: true,
        content: { "application/json": { schema: { type: "string" } } },
      };
    },
  ],
  [
    "a media type is added",
    "body",
    `${A} media-type-added`,
    `${B} media-type-removed`,
    (d) => {
      dig(d, "paths", "/tree", "post", "requestBody", "content")["text/csv"] = { schema: { type: "string" } };
    },
  ],
  [
    "an optional field is added",
    "body.extra",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(body(d), "properties").extra = { type: "string" };
    },
  ],
  [
    "an object with required fields is added",
    "body.extra",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(body(d), "properties").extra = { type: "object", required: ["a"], properties: { a: { type: "string" } } };
    },
  ],
  [
    "a required field is added",
    "body.extra",
    `${B} property-added-required`,
    `${B} property-removed`,
    (d) => {
      dig(body(d), "properties").extra = { type: "string" };
      arrayAt(body(d).required).push("extra");
    },
  ],
  [
    "a field becomes required",
    "body.count",
    `${B} property-now-required`,
    `${A} property-now-optional`,
    (d) => void arrayAt(body(d).required).push("count"),
  ],
  [
    "a field may no longer be null",
    "body.note",
    `${B} no-longer-nullable`,
    `${A} now-nullable`,
    (d) => {
      delete field(d, "note").nullable;
    },
  ],
  [
    "a text may be longer",
    "body.note",
    `${A} constraint-loosened`,
    `${B} constraint-tightened`,
    (d) => {
      field(d, "note").maxLength = 20;
    },
  ],
  [
    "a length is limited",
    "body.code",
    `${B} constraint-tightened`,
    `${A} constraint-loosened`,
    (d) => {
      field(d, "code").minLength = 3;
    },
  ],
  [
    "a pattern changes",
    "body.code",
    `${B} constraint-changed`,
    `${B} constraint-changed`,
    (d) => {
      field(d, "code").pattern = "^b";
    },
  ],
  [
    "a format goes",
    "body.code",
    `${A} constraint-loosened`,
    `${B} constraint-tightened`,
    (d) => {
      delete field(d, "code").format;
    },
  ],
  [
    "a list may be empty",
    "body.lines",
    `${A} constraint-loosened`,
    `${B} constraint-tightened`,
    (d) => {
      delete field(d, "lines").minItems;
    },
  ],
  [
    "a variant is added",
    "body.pay",
    `${A} variant-added`,
    `${B} variant-removed`,
    (d) => void arrayAt(field(d, "pay").oneOf).push({ $ref: "#/components/schemas/Cash" }),
  ],
  [
    "a field of a variant is added",
    "Card.name",
    `${A} property-added`,
    `${B} property-removed`,
    (d) => {
      dig(schema(d, "Card"), "properties").name = { type: "string" };
    },
  ],
  [
    "a field of a variant becomes required",
    "Card.name",
    `${B} property-added-required`,
    `${B} property-removed`,
    (d) => {
      dig(schema(d, "Card"), "properties").name = { type: "string" };
      schema(d, "Card").required = ["number", "name"];
    },
  ],
  [
    "values of a map change their type",
    "body.labels{*}",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      field(d, "labels").additionalProperties = { type: "number" };
    },
  ],
  [
    "values of a map may be anything",
    "body.labels{*}",
    `${A} type-widened`,
    `${B} type-narrowed`,
    (d) => {
      field(d, "labels").additionalProperties = {};
    },
  ],
  [
    "other fields are allowed",
    "body.strict{*}",
    `${A} other-properties-allowed`,
    `${B} other-properties-forbidden`,
    (d) => {
      delete field(d, "strict").additionalProperties;
    },
  ],
  [
    "a field becomes a list",
    "body.count",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      dig(body(d), "properties").count = { type: "array", items: { type: "integer" } };
    },
  ],
  [
    "a field takes anything",
    "body.count",
    `${A} type-widened`,
    `${B} type-narrowed`,
    (d) => {
      dig(body(d), "properties").count = {};
    },
  ],
  [
    "a field takes text too",
    "body.count",
    `${A} type-widened`,
    `${B} type-narrowed`,
    (d) => {
      dig(body(d), "properties").count = { oneOf: [{ type: "integer" }, { type: "string" }] };
    },
  ],
  [
    "a field is read-only",
    "body.count",
    `${B} now-read-only`,
    `${A} no-longer-read-only`,
    (d) => {
      field(d, "count").readOnly = true;
    },
  ],
  [
    "what is refused changes",
    "body.count",
    `${B} schema-changed`,
    `${B} schema-changed`,
    (d) => {
      field(d, "count").not = { enum: [3] };
    },
  ],
];
