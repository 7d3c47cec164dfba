import type { JsonObject } from "../../../json/json.ts";
import { formsOf, propertySlots, type Slot } from "../shape/forms.ts";
import { emptyShape, mergeShape, type Shape } from "../shape/shape.ts";

/** Members of a record that hold where the next page begins, and the member of a search that takes them. */
const CURSORS: readonly string[] = ["searchAfter", "sort"];
const TAKES = "searchAfter";

/** Whether a request has a member for the cursor of the answer before it. */
export function takesCursor(document: JsonObject, slot: Slot): boolean {
  return formsOf(document, slot).some((form) => propertySlots(form, TAKES).length > 0);
}

/** Returns the cursor shape that a search must accept because its answer contains it. A caller passes it back as it came. */
export function cursorShape(answer: Shape): Shape {
  const cursor = emptyShape();
  collect(answer, cursor);
  const request = emptyShape();
  if (cursor.kinds.size > 0) request.members.set(TAKES, cursor);
  return request;
}

function collect(shape: Shape, into: Shape): void {
  for (const name of CURSORS) {
    const member = shape.members.get(name);
    if (member?.kinds.has("array")) mergeShape(into, member);
  }
  // a record stands in a list of the answer, at most one level deeper
  for (const member of shape.members.values()) if (member.items !== undefined) collect(member.items, into);
}
