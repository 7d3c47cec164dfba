import type { Json } from "../../../json/json.ts";

/** Kind of a value in JSON's own terms. Whole numbers and fractions are both `number`. */
export type Kind = "object" | "array" | "string" | "number" | "boolean" | "null";

export const KINDS: readonly Kind[] = ["object", "array", "string", "number", "boolean", "null"];

/** The kind of a value that JSON.parse returned. */
export function kindOf(value: Json): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

/** RFC 3339, section 5.6: a date with a time and an offset. HighLevel sends no other form of an instant. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;

export function isDateTime(value: string): boolean {
  return DATE_TIME.test(value);
}
