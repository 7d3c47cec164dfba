import { arrayAt, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import type { Position } from "../../../json/pointer.ts";
import { pointerOf, resolvePointer } from "../../../json/pointer.ts";
import type { LintContext, LintRule } from "../rule.ts";

type Find = (values: readonly Json[], schema: JsonObject, position: Position, context: LintContext) => string | boolean;

function enumRule(name: string, why: string, find: Find): LintRule {
  return {
    name,
    why,
    check: {
      on: "schema",
      find: (schema, position, context) => {
        const values = arrayAt(schema.enum);
        return values.length > 0 && find(values, schema, position, context);
      },
    },
  };
}

export const enumRules: readonly LintRule[] = [
  enumRule("enum-single-value", "One value where more are likely to come.", (values, _, position, context) => {
    return values.length === 1 && !isVersionHeader(position, context) && JSON.stringify(values);
  }),
  enumRule("enum-nested-array", "The values stand in an array of their own.", (values) => values.some(Array.isArray)),
  enumRule("enum-duplicates", "A value occurs more than once.", (values) => {
    const repeats = values.length - new Set(values.map((value) => JSON.stringify(value))).size;
    return repeats > 0 && `${repeats} of ${values.length}`;
  }),
  enumRule("enum-mixed-types", "Values of different types.", (values) => {
    return new Set(values.map(kindOf)).size > 1 && JSON.stringify(values);
  }),
  enumRule("numeric-enum-as-strings", "Numbers written as texts.", (values) => {
    return (
      values.length > 1 &&
      values.every((value) => typeof value === "string" && /^\d+$/.test(value)) &&
      values.join(", ")
    );
  }),
];

/** Whole numbers and fractions are two kinds: many generators make an integer of the first. */
function kindOf(value: Json): string {
  return typeof value === "number" && !Number.isInteger(value) ? "fraction" : typeof value;
}

function isVersionHeader(position: Position, { document }: LintContext): boolean {
  if (position.key !== "schema" || position.parent === undefined) return false;
  const parameter = objectAt(resolvePointer(document, pointerOf(position.parent)));
  return parameter.in === "header" && String(parameter.name).toLowerCase() === "version";
}
