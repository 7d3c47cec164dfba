import { arrayAt, byCodeUnit, type JsonObject } from "../../../json/json.ts";
import { type Form, formsOf, kindsOf, propertyNames, propertySlots, type Slot } from "../shape/forms.ts";
import { emptyShape, type Shape, timesOf, totalOf } from "../shape/shape.ts";
import { nestedReferences } from "./nested-references.ts";

/** An answer that the document describes, and what was seen of it. */
export interface DescribedAnswer {
  readonly slot: Slot;
  /** Members that the document itself has, before what was seen is added. */
  readonly names: ReadonlySet<string>;
  readonly shape: Shape | undefined;
}

/** Returns the names that the document describes in an answer. */
export function describedNames(document: JsonObject, slot: Slot): Set<string> {
  return new Set(formsOf(document, slot).flatMap((form) => [...propertyNames(form)]));
}

const OWN_ID = /^_?id$/;

/**
 * Requires the content of an answer, in place: the record or the list that the operation is for. A document that leaves it
 * optional describes an answer that may be empty, and nobody has seen one. Two kinds of member are content: an object or a
 * list that stands alone in its answer, and one that no observed answer lacked.
 *
 * An answer that is a record itself has no content, only members; and schemas that also stand inside other answers are left
 * alone.
 */
export function requireContents(document: JsonObject, answers: readonly DescribedAnswer[]): void {
  const nested = nestedReferences(
    document,
    answers.map(({ slot }) => slot),
  );
  for (const { slot, names, shape = emptyShape() } of answers) {
    const schema = slot.holder[slot.key];
    const [form, other] = formsOf(document, slot);
    if (form === undefined || other !== undefined || nested.has(referenceOf(schema))) continue;
    if ([...propertyNames(form)].some((name) => OWN_ID.test(name))) continue;
    for (const name of contentsOf(document, form, shape)) {
      if (!names.has(name)) continue;
      const part = form.find((one) => propertySlots([one], name).length > 0)?.schema;
      if (part === undefined) continue;
      part.required = [...new Set([...arrayAt(part.required), name])].sort((a, b) => byCodeUnit(String(a), String(b)));
    }
  }
}

function referenceOf(schema: unknown): string {
  const reference = (schema as { $ref?: unknown } | undefined)?.$ref;
  return typeof reference === "string" ? reference : "";
}

function contentsOf(document: JsonObject, form: Form, shape: Shape): string[] {
  const names = [...propertyNames(form)].filter((name) => name !== "traceId");
  const seen = timesOf(shape, "object");
  const holders = names.filter((name) => propertySlots(form, name).every((slot) => isHolder(document, slot)));
  return holders.filter((name) => {
    const member = shape.members.get(name);
    const wasThere = timesOf(member, "object") + timesOf(member, "array");
    if (seen === 0) return names.length === 1;
    return wasThere === seen && wasThere === totalOf(member);
  });
}

/** A schema of objects or of lists, which does not let null through. */
function isHolder(document: JsonObject, slot: Slot): boolean {
  const forms = formsOf(document, slot);
  return (
    forms.length > 0 &&
    forms.every((form) => {
      const kinds = [...kindsOf(form)];
      return kinds.length === 1 && (kinds[0] === "object" || kinds[0] === "array");
    })
  );
}
