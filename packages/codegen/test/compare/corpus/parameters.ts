import { objectAt } from "../../../src/json/json.ts";
import { A, B, type RowText } from "./case.ts";
import { addParameter, parameter } from "./document-paths.ts";

export const PARAMETERS: readonly RowText[] = [
  [
    "an optional parameter is added",
    "query page",
    `${A} parameter-added`,
    `${B} parameter-removed`,
    (d) => addParameter(d, { name: "page", in: "query", schema: { type: "integer" } }),
  ],
  [
    "a required parameter is added",
    "query page",
    `${B} parameter-added-required`,
    `${B} parameter-removed`,
    (d) => addParameter(d, { name: "page", in: "query", required: true, schema: { type: "integer" } }),
  ],
  [
    "a header is added",
    "header x-more",
    `${A} parameter-added`,
    `${B} parameter-removed`,
    (d) => addParameter(d, { name: "x-more", in: "header", schema: { type: "string" } }),
  ],
  [
    "a parameter becomes required",
    "query limit",
    `${B} parameter-now-required`,
    `${A} parameter-now-optional`,
    (d) => {
      parameter(d, "limit").required = true;
    },
  ],
  [
    "a parameter moves",
    "header x-trace",
    `${B} parameter-moved`,
    `${B} parameter-moved`,
    (d) => {
      parameter(d, "x-trace").in = "query";
    },
  ],
  [
    "a parameter changes its type",
    "header x-trace",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      parameter(d, "x-trace").schema = { type: "boolean" };
    },
  ],
  [
    "a parameter takes any number",
    "query limit",
    `${A} type-widened`,
    `${B} type-narrowed`,
    (d) => {
      objectAt(parameter(d, "limit").schema).type = "number";
    },
  ],
  [
    "a parameter takes more values",
    "query sort",
    `${A} enum-values-added`,
    `${B} enum-values-removed`,
    (d) => {
      objectAt(parameter(d, "sort").schema).enum = ["asc", "desc", "none"];
    },
  ],
  [
    "a parameter takes any text",
    "query sort",
    `${A} enum-dropped`,
    `${B} enum-introduced`,
    (d) => {
      parameter(d, "sort").schema = { type: "string" };
    },
  ],
  [
    "a bound is raised",
    "query limit",
    `${A} constraint-loosened`,
    `${B} constraint-tightened`,
    (d) => {
      objectAt(parameter(d, "limit").schema).maximum = 500;
    },
  ],
  [
    "a lower bound is raised",
    "query limit",
    `${B} constraint-tightened`,
    `${A} constraint-loosened`,
    (d) => {
      objectAt(parameter(d, "limit").schema).minimum = 5;
    },
  ],
  [
    "a default changes",
    "query limit",
    `${B} default-changed`,
    `${B} default-changed`,
    (d) => {
      objectAt(parameter(d, "limit").schema).default = 50;
    },
  ],
  [
    "a default goes",
    "query limit",
    `${B} default-removed`,
    `${A} default-added`,
    (d) => {
      delete objectAt(parameter(d, "limit").schema).default;
    },
  ],
  [
    "a list is written with commas",
    "query tags",
    `${B} parameter-encoding-changed`,
    `${B} parameter-encoding-changed`,
    (d) => {
      parameter(d, "tags").explode = false;
    },
  ],
  [
    "items of a list change their type",
    "query tags[]",
    `${B} type-changed`,
    `${B} type-changed`,
    (d) => {
      parameter(d, "tags").schema = { type: "array", items: { type: "number" } };
    },
  ],
];
