import { isOpenApi30, type LintContext, type LintRule } from "./rule.ts";
import { bodyRules } from "./rules/bodies.ts";
import { documentRules } from "./rules/documents.ts";
import { enumRules } from "./rules/enums.ts";
import { operationRules } from "./rules/operations.ts";
import { parameterRules } from "./rules/parameters.ts";
import { referenceRules } from "./rules/references.ts";
import { schemaRules } from "./rules/schemas.ts";

export const LINT_RULES: readonly LintRule[] = [
  ...referenceRules,
  ...schemaRules,
  ...enumRules,
  ...parameterRules,
  ...operationRules,
  ...bodyRules,
  ...documentRules,
];

/** Rules about a habit that only HighLevel's documents have: elsewhere what they find is no defect. */
const HIGHLEVEL_ONLY = new Set([
  "enum-single-value",
  "param-snake-case",
  "query-array",
  "query-numeric-as-string",
  "ref-external-common",
  "tags-missing",
]);

/** Rules about what OpenAPI 3.0 does not allow and later versions do. */
const OPENAPI_30_ONLY = new Set(["keyword-not-in-3.0:examples", "ref-with-siblings"]);

/** Whether a rule has something to say about a document. */
export function appliesTo({ name }: LintRule, context: LintContext): boolean {
  if (HIGHLEVEL_ONLY.has(name)) return context.api !== "";
  return !OPENAPI_30_ONLY.has(name) || isOpenApi30(context);
}
