import { authorizationHeader } from "./authorization-header.ts";
import { commaSeparatedParameter } from "./comma-separated-parameter.ts";
import { commonFileLocation } from "./common-file-location.ts";
import { danglingCommonReference } from "./dangling-common-reference.ts";
import { duplicateEnumValue, nestedEnum } from "./enums.ts";
import { misplacedParameterKeyword } from "./misplaced-parameter-keyword.ts";
import { optionalPathParameter, pathParameterElsewhere, undeclaredPathParameter } from "./path-parameters.ts";
import type { RepairRule } from "./rule.ts";
import {
  arrayOfBareArrays,
  arrayWithoutItems,
  emptyProperties,
  referenceSiblings,
  requiredUnknownProperty,
  scalarExampleOfObject,
  schemaInSchema,
  singleAllOf,
  typeAny,
  wrongDefault,
} from "./schema-keywords.ts";
import { securitySchemeMembers } from "./security-scheme-members.ts";

/** Rules that make references resolvable. They run before files are joined. */
export const REFERENCE_RULES: readonly RepairRule[] = [commonFileLocation, danglingCommonReference];

/** All other rules, in the order they run: keywords are moved before they are judged. */
export const DOCUMENT_RULES: readonly RepairRule[] = [
  securitySchemeMembers,
  authorizationHeader,
  pathParameterElsewhere,
  undeclaredPathParameter,
  optionalPathParameter,
  typeAny,
  misplacedParameterKeyword,
  commaSeparatedParameter,
  schemaInSchema,
  referenceSiblings,
  singleAllOf,
  nestedEnum,
  duplicateEnumValue,
  arrayOfBareArrays,
  arrayWithoutItems,
  emptyProperties,
  scalarExampleOfObject,
  requiredUnknownProperty,
  wrongDefault,
];

/** Names of all rules, in the order they run. */
export const RULE_NAMES: readonly string[] = [...REFERENCE_RULES, ...DOCUMENT_RULES].map(({ name }) => name);
