import { isObject, type JsonObject, objectAt } from "../../../json/json.ts";
import type { OperationVisit } from "../../../json/walk.ts";
import { templateNames } from "../../repair/path-parameters.ts";
import type { LintRule } from "../rule.ts";

type Find = (parameter: JsonObject, visit: OperationVisit) => string | boolean;

function parameterRule(name: string, why: string, find: Find): LintRule {
  return { name, why, check: { on: "parameter", find } };
}

/** Names whose values are numbers or points in time wherever HighLevel types them properly. */
const NUMERIC = /^(?:limit|skip|offset|page|pageSize|pageLimit|pageLength|startAt|endAt)$/;
const MISPLACED = ["oneOf", "anyOf", "allOf", "type", "enum", "default", "format", "items"];

export const parameterRules: readonly LintRule[] = [
  parameterRule(
    "header-param-Authorization",
    "OpenAPI ignores it; generators ask for it in every call.",
    (parameter) => {
      return parameter.in === "header" && String(parameter.name).toLowerCase() === "authorization";
    },
  ),
  parameterRule(
    "template-param-declared-elsewhere",
    "A name of the path is declared with another `in`.",
    (parameter, { path }) => {
      if (parameter.in === "path" || !templateNames(path).includes(String(parameter.name))) return false;
      return `${parameter.name} in ${parameter.in}`;
    },
  ),
  parameterRule("path-param-not-required", "A path parameter cannot be optional.", (parameter) => {
    return parameter.in === "path" && parameter.required !== true && String(parameter.name);
  }),
  parameterRule("query-array", "An array in the query that does not say how it is written.", (parameter) => {
    return (
      parameter.in === "query" &&
      objectAt(parameter.schema).type === "array" &&
      parameter.style === undefined &&
      String(parameter.name)
    );
  }),
  parameterRule("query-numeric-as-string", "A number or a time that is typed as text.", (parameter) => {
    if (parameter.in !== "query" || objectAt(parameter.schema).type !== "string") return false;
    return NUMERIC.test(String(parameter.name)) && String(parameter.name);
  }),
  parameterRule("param-snake-case", "Not the camel case of all other parameters.", (parameter) => {
    return String(parameter.name).includes("_") && String(parameter.name);
  }),
  parameterRule("param-unknown-keyword", "A keyword of schemas stands on the parameter.", (parameter) => {
    return isObject(parameter.schema) && MISPLACED.filter((keyword) => parameter[keyword] !== undefined).join(", ");
  }),
];
