import { arrayAt, byCodeUnit, type JsonObject } from "../../../json/json.ts";
import { formsOf, itemSlots, kindsOf, propertySlots, type Slot } from "../shape/forms.ts";
import { emptyShape, mergeShape, type Shape, timesOf, totalOf } from "../shape/shape.ts";

/** The observed objects of one schema, from every answer that contains one. */
export interface SeenObject {
  readonly shape: Shape;
  /** Every answer was of a generation that describes it as this document does. */
  readonly agrees: boolean;
}

export type SeenObjects = Map<JsonObject, SeenObject>;

/** An answer and what was seen of it. */
export interface SeenAnswer extends SeenObject {
  readonly slot: Slot;
}

/**
 * Adds what was seen of an answer to each object schema that it leads to. Unions are passed over: which member an object
 * belongs to is not known.
 */
export function collectObjects(document: JsonObject, { slot, shape, agrees }: SeenAnswer, into: SeenObjects): void {
  const forms = formsOf(document, slot).filter(
    (form) => form.length > 0 && !(kindsOf(form).size === 1 && kindsOf(form).has("null")),
  );
  const [form] = forms;
  if (form === undefined || forms.length > 1) return;
  if (timesOf(shape, "object") > 0) {
    for (const { schema } of form) {
      if (schema.properties === undefined) continue;
      const known = into.get(schema);
      const merged = known?.shape ?? emptyShape();
      mergeShape(merged, shape);
      into.set(schema, { shape: merged, agrees: agrees && known?.agrees !== false });
    }
    for (const [name, member] of shape.members) {
      for (const inner of propertySlots(form, name)) {
        collectObjects(document, { slot: inner, shape: member, agrees }, into);
      }
    }
  }
  if (shape.items !== undefined) {
    for (const inner of itemSlots(form)) collectObjects(document, { slot: inner, shape: shape.items, agrees }, into);
  }
}

/** A record's own id, and the ids of what it belongs to. */
const OWN_ID = /^_?id$/;
const OTHER_ID = /^[a-z]\w*Id$/;

/** Seen so often, an id that was never absent is taken for one that is always there. */
const ENOUGH = 2;

/**
 * Requires the ids that every answer contained, in place. A record's own id must never have been absent. The id of another
 * record must also have been seen twice or more, in the generation that the document describes.
 */
export function requireIds(objects: SeenObjects): void {
  for (const [schema, { shape, agrees }] of objects) {
    const seen = timesOf(shape, "object");
    const names = Object.keys(schema.properties ?? {}).filter((name) => {
      const member = shape.members.get(name);
      const always = totalOf(member) === seen && timesOf(member, "string") === seen;
      const isOther = agrees && seen >= ENOUGH && OTHER_ID.test(name) && name !== "traceId";
      return always && (OWN_ID.test(name) || isOther);
    });
    const required = new Set([...arrayAt(schema.required), ...names]);
    if (required.size > 0) schema.required = [...required].sort((a, b) => byCodeUnit(String(a), String(b)));
  }
}
