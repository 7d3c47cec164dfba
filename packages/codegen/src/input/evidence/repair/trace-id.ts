import { byCodeUnit, isObject, type JsonObject, objectAt, setMember } from "../../../json/json.ts";
import { resolvePointer } from "../../../json/pointer.ts";
import { formsOf, kindsOf, propertySlots, type Slot } from "../shape/forms.ts";
import { nestedReferences } from "./nested-references.ts";

const TRACE_ID = "traceId";

/** Schema of the id that HighLevel's support asks for. It was seen in every answer that is an object. */
const schema = (): JsonObject => ({ type: "string" });

/**
 * Describes `traceId` in every answer that is an object, in place. A schema that also stands inside other answers is left
 * as it is, because a record inside a list has none; there the answer is the schema and a `traceId`.
 */
export function describeTraceIds(document: JsonObject, slots: readonly Slot[]): void {
  const nested = nestedReferences(document, slots);
  for (const slot of slots) {
    const forms = formsOf(document, slot);
    const isAnswerObject =
      forms.length > 0 && forms.every((form) => form.length > 0 && [...kindsOf(form)].join() === "object");
    if (!isAnswerObject || forms.some((form) => propertySlots(form, TRACE_ID).length > 0)) continue;
    const own = ownObject(document, slot, nested);
    if (own !== undefined) own.properties = sortMembersOf({ ...objectAt(own.properties), [TRACE_ID]: schema() });
    else {
      const whole = slot.holder[slot.key] ?? {};
      slot.holder[slot.key] = { allOf: [whole, { type: "object", properties: { [TRACE_ID]: schema() } }] };
    }
  }
}

/** The object schema of the slot, where nothing else uses it. */
function ownObject(document: JsonObject, slot: Slot, nested: ReadonlySet<string>): JsonObject | undefined {
  const value = slot.holder[slot.key];
  if (!isObject(value)) return undefined;
  const isReference = typeof value.$ref === "string";
  if (isReference && nested.has(String(value.$ref))) return undefined;
  const target = isReference ? resolvePointer(document, String(value.$ref)) : value;
  const isMade = ["allOf", "anyOf", "oneOf"].some((keyword) => objectAt(target)[keyword] !== undefined);
  return isObject(target) && !isMade && describesMembers(target) ? target : undefined;
}

/** An object of which nothing is said stays as open as it is: `traceId` beside it would hide that it has other members. */
function describesMembers({ properties, additionalProperties }: JsonObject): boolean {
  return isObject(properties) || isObject(additionalProperties);
}

function sortMembersOf(properties: JsonObject): JsonObject {
  const sorted: JsonObject = {};
  for (const name of Object.keys(properties).sort(byCodeUnit)) setMember(sorted, name, properties[name] ?? {});
  return sorted;
}
