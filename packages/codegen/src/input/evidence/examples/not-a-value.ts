import { isObject, type JsonObject, objectAt } from "../../../json/json.ts";
import { at } from "../../../json/pointer.ts";
import { follow, type Misfit, misfits } from "../shape/misfit.ts";

/**
 * Returns the reason why a misfitting example is not a value of its field, so that the type is right to refuse it. It
 * returns undefined when the example may be a value. All other examples are believed.
 */
export function notAValue(document: JsonObject, { kind, by, value }: Misfit): string | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    if (kind === "kind" && /^[[{]/.test(text))
      return "a list or an object written as text, in the syntax of source code";
    if (kind === "enum" && /\s/.test(text)) return "a sentence about the members in place of one";
  }
  const target = follow(document, by);
  const schema = objectAt(target.schema);
  if (schema.enum !== undefined && isObject(value)) return "the declaration of the members in place of one";
  if (kind !== "kind") return undefined;
  if (isObject(value) && isObject(schema.items)) {
    const items = { schema: schema.items, position: at(target.position, "items") };
    if (misfits(document, items, { value }).length === 0) return "one item in place of the list";
  }
  if (Array.isArray(value) && isObject(schema.properties) && value.length > 0) {
    const isAlternative = value.every((item) => isObject(item) && misfits(document, by, { value: item }).length === 0);
    if (isAlternative) return "a list of possible values in place of one";
  }
  return undefined;
}
