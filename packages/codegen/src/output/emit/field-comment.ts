import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { commentText } from "./text.ts";

/** A default longer than this says little and hides the type below it. */
const MAX_DEFAULT_LENGTH = 60;

/**
 * Returns the text of a field's doc comment, without `/*` and `*\u002f`: a sentence where there is one, format and limits,
 * and whether the field is deprecated. It returns undefined when there is no text.
 */
export function commentLines(
  schema: Json,
  sentence: string | undefined,
  options: { readonly constraints?: boolean; readonly deprecated?: boolean } = {},
): string | undefined {
  const constraints = options.constraints === false ? [] : constraintsOf(schema);
  const text = commentText([...(sentence === undefined ? [] : [sentence]), ...constraints].join(" "));
  const deprecated = options.deprecated === true || (isObject(schema) && schema.deprecated === true);
  if (!deprecated) return text === "" ? undefined : `* ${text} `;
  return text === "" ? "* @deprecated " : `*\n * ${text}\n * @deprecated\n `;
}

/** The same as lines of a declaration, `margin` in front of each. */
export function commentAbove(comment: string | undefined, margin: string): string {
  return comment === undefined ? "" : `${margin}/*${comment.replaceAll("\n", `\n${margin}`)}*/\n`;
}

/** `Format: date-time.`, `1 to 100.`, `At most 255 characters.`, `Default: 20.` */
function constraintsOf(schema: Json): string[] {
  if (!isObject(schema)) return [];
  const value = notNull(schema);
  const { format, pattern, multipleOf } = value;
  const constraints: string[] = [];
  if (typeof format === "string" && format !== "binary") constraints.push(`Format: ${format}.`);
  constraints.push(...rangeOf(value));
  constraints.push(...countOf(value.minLength, value.maxLength, "character"));
  constraints.push(...countOf(value.minItems, value.maxItems, "item"));
  if (typeof multipleOf === "number") constraints.push(`Multiple of ${multipleOf}.`);
  if (typeof pattern === "string") constraints.push(`Pattern: \`${pattern}\`.`);
  const initial = JSON.stringify(schema.default ?? value.default);
  if (initial !== undefined && initial.length <= MAX_DEFAULT_LENGTH) constraints.push(`Default: \`${initial}\`.`);
  return constraints;
}

/** Returns the schema without null. */
function notNull(schema: JsonObject): JsonObject {
  const members = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const rest = members.filter((member) => isObject(member) && member.type !== "null");
  return rest.length === 1 && rest.length < members.length && isObject(rest[0]) ? { ...rest[0], ...schema } : schema;
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): string[] {
  if (typeof minimum === "number" && typeof maximum === "number") return [`${minimum} to ${maximum}.`];
  const constraints: string[] = [];
  if (typeof minimum === "number") constraints.push(`At least ${minimum}.`);
  if (typeof exclusiveMinimum === "number") constraints.push(`Greater than ${exclusiveMinimum}.`);
  if (typeof maximum === "number") constraints.push(`At most ${maximum}.`);
  if (typeof exclusiveMaximum === "number") constraints.push(`Less than ${exclusiveMaximum}.`);
  return constraints;
}

function countOf(min: Json | undefined, max: Json | undefined, unit: string): string[] {
  const units = (count: number) => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (typeof min === "number" && typeof max === "number")
    return [min === max ? `${units(max)}.` : `${min} to ${units(max)}.`];
  if (typeof min === "number" && min > 0) return [`At least ${units(min)}.`];
  return typeof max === "number" ? [`At most ${units(max)}.`] : [];
}
