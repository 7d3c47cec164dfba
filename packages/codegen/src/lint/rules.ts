import type { LintRule } from "./rule.ts";
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
