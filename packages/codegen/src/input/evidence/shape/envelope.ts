import type { JsonObject } from "../../../json/json.ts";
import { type Form, formsOf, kindsOf, propertyNames, propertySlots, type Slot } from "./forms.ts";
import type { Shape } from "./shape.ts";

/** An answer that has one level more, or one less, than its schema, or whose one member has another name. */
export interface Envelope {
  /** The member that holds everything and that the schema does not have; undefined when the schema has one level too many. */
  readonly member: string | undefined;
  /** The member of the schema that was never seen and stands for `member`, or for the level too many. */
  readonly instead: string | undefined;
  /** Shape that was seen where the schema applies. */
  readonly shape: Shape;
  /** The schemas that apply there. */
  readonly slots: readonly Slot[];
}

/** Every answer of HighLevel's has them, whatever its schema says. */
const COMMON = new Set(["traceId", "success", "succeded", "succeeded"]);

/**
 * Finds the member that holds the whole answer although the schema describes its content alone, or the other way round.
 * Fields decide: the content has more of the schema's members where it was found than where the schema has it.
 */
export function findEnvelope(document: JsonObject, slot: Slot, shape: Shape): Envelope | undefined {
  const forms = objectForms(document, slot);
  if (forms.length === 0) return undefined;
  const here = fitting(document, forms, shape);
  const inner = [...shape.members].filter(([name, member]) => !COMMON.has(name) && member.kinds.has("object"));
  for (const [member, content] of inner) {
    // a member that the schema has as an object is no envelope
    if (forms.some((form) => describesObject(document, form, member))) continue;
    if (fitting(document, forms, content) > here) return { member, instead: undefined, shape: content, slots: [slot] };
  }
  if (here > 0) return undefined;
  for (const [instead, slots] of unseenObjects(document, forms, shape)) {
    const content = slots.flatMap((one) => objectForms(document, one));
    const renamed = inner.find(([, member]) => fitting(document, content, member) > 0);
    if (renamed !== undefined) return { member: renamed[0], instead, shape: renamed[1], slots };
    if (fitting(document, content, shape) > 0) return { member: undefined, instead, shape, slots };
  }
  return undefined;
}

/** The members that the schema has as objects and that were never seen. */
function unseenObjects(document: JsonObject, forms: readonly Form[], shape: Shape): Map<string, Slot[]> {
  const names = new Set(forms.flatMap((form) => [...propertyNames(form)]));
  const found = new Map<string, Slot[]>();
  for (const name of names) {
    if (COMMON.has(name) || shape.members.has(name)) continue;
    const slots = forms.flatMap((form) => propertySlots(form, name));
    if (slots.some((slot) => objectForms(document, slot).length > 0)) found.set(name, slots);
  }
  return found;
}

function objectForms(document: JsonObject, slot: Slot): Form[] {
  return formsOf(document, slot).filter((form) => form.length > 0 && kindsOf(form).has("object"));
}

/** Counts the observed members that the schema has, and has with an observed kind. */
function fitting(document: JsonObject, forms: readonly Form[], shape: Shape): number {
  let count = 0;
  for (const [name, member] of shape.members) {
    if (COMMON.has(name)) continue;
    const slots = forms.flatMap((form) => propertySlots(form, name));
    const kinds = slots.flatMap((slot) => formsOf(document, slot)).flatMap((form) => [...kindsOf(form)]);
    if ([...member.kinds.keys()].some((kind) => kind !== "null" && kinds.includes(kind))) count += 1;
  }
  return count;
}

function describesObject(document: JsonObject, form: Form, name: string): boolean {
  return propertySlots(form, name).some((slot) => objectForms(document, slot).length > 0);
}
