import { equalJson, type Json } from "../../json/json.ts";
import { schemaRule } from "./schema-rule.ts";

export const nestedEnum = schemaRule(
  "nested-enum",
  "enum is an array in an array, typed number, though its values are strings; it is flattened and typed by its values.",
  (schema) => {
    if (!Array.isArray(schema.enum) || !schema.enum.some(Array.isArray) || schema.type === "array") return false;
    const values = schema.enum.flat();
    schema.enum = values;
    const type = commonType(values);
    if (type !== undefined) schema.type = type;
    return true;
  },
);

export const duplicateEnumValue = schemaRule(
  "duplicate-enum-value",
  "enum names a value more than once; the first stays.",
  (schema) => {
    if (!Array.isArray(schema.enum)) return false;
    const values = schema.enum;
    const scalars = new Set(values);
    const unique = [...scalars].filter(
      (value, index, all) => typeof value !== "object" || all.findIndex((other) => equalJson(other, value)) === index,
    );
    if (unique.length === values.length) return false;
    schema.enum = unique;
    return true;
  },
);

function commonType(values: readonly Json[]): string | undefined {
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  return types.size === 1 && type !== "object" ? type : undefined;
}
