import { isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import type { Slot } from "../shape/forms.ts";

/** References that stand anywhere but at the top of an answer. */
export function nestedReferences(document: JsonObject, slots: readonly Slot[]): Set<string> {
  const tops = new Set<Json | undefined>(slots.map(({ holder, key }) => holder[key]));
  const found = new Set<string>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    if (typeof value.$ref === "string" && !tops.has(value)) found.add(value.$ref);
    Object.values(value).forEach(visit);
  };
  visit(document.paths);
  visit(objectAt(document.components).schemas);
  return found;
}
