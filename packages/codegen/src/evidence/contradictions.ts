import { isObject, type Json, type JsonObject } from "../json.ts";
import { type Place, pointerOf } from "../pointer.ts";
import { findEnvelope } from "./envelope.ts";
import {
  enumOf,
  type Form,
  formsOf,
  isClosed,
  itemSlots,
  kindsOf,
  otherSlots,
  propertySlots,
  requiredNames,
  type Slot,
} from "./forms.ts";
import type { Kind } from "./kind.ts";
import { printStep } from "./path.ts";
import { type Shape, totalOf } from "./shape.ts";

/** Which way a value travels. */
export type Direction = "answer" | "request";

/**
 * How a schema and what was seen disagree.
 *
 * - `missing_required`: a required member was absent.
 * - `null`: null was seen where the schema does not allow it.
 * - `kind`: a value of another kind was seen.
 * - `closed_object`: a member was seen that the schema forbids.
 * - `closed_enum`: a value was seen that the enum does not list. Only shapes that hold values can say so.
 * - `envelope`: the whole answer stands inside a member that the schema does not have, or the other way round.
 * - `unknown_field`: a member was seen that the schema neither names nor forbids.
 */
export type ContradictionKind =
  | "missing_required"
  | "null"
  | "kind"
  | "closed_object"
  | "closed_enum"
  | "envelope"
  | "unknown_field";

export interface Contradiction {
  readonly kind: ContradictionKind;
  /** Where it was seen, as evidence writes it: `$.contacts[].phone`. */
  readonly path: string;
  /** JSON Pointer of the schema that disagrees. */
  readonly pointer: string;
  /** What the schema says and what was seen, in short. */
  readonly detail: string;
}

/** A schema in its document. */
export interface Target {
  readonly document: JsonObject;
  readonly slot: Slot;
}

/**
 * Every place where a schema contradicts what was seen. Pure: nothing is changed.
 *
 * @example contradictions({ document, slot: { holder: media, key: "schema", place } }, shapeOf([answer]), "answer")
 */
export function contradictions(target: Target, shape: Shape, direction: Direction): Contradiction[] {
  const check = new Check(target.document, direction);
  const envelope = direction === "answer" ? findEnvelope(target.document, target.slot, shape) : undefined;
  if (envelope === undefined) {
    check.place([target.slot], shape, "$");
    return check.found;
  }
  const { member, instead, shape: inner } = envelope;
  const path = member === undefined ? "$" : `$${printStep({ kind: "member", name: member })}`;
  const where = member === undefined ? "without a member around it" : `inside ${member}`;
  const detail = instead === undefined ? `everything was seen ${where}` : `described inside ${instead}, seen ${where}`;
  check.report("envelope", path, target.slot.place, detail);
  check.place(envelope.slots, inner, path);
  return check.found;
}

class Check {
  readonly found: Contradiction[] = [];
  readonly #document: JsonObject;
  readonly #direction: Direction;

  constructor(document: JsonObject, direction: Direction) {
    this.#document = document;
    this.#direction = direction;
  }

  report(kind: ContradictionKind, path: string, place: Place, detail: string): void {
    this.found.push({ kind, path, pointer: pointerOf(place), detail });
  }

  /** `slots`: the schemas any one of which a value at this place may satisfy. */
  place(slots: readonly Slot[], shape: Shape, path: string): void {
    const [first] = slots;
    if (first === undefined) return;
    const forms = slots.flatMap((slot) => formsOf(this.#document, slot));
    if (forms.some((form) => form.length === 0)) return;
    for (const kind of shape.kinds.keys()) this.#kind(forms, kind, first.place, path);
    const objects = forms.filter((form) => kindsOf(form).has("object"));
    if (objects.length > 0) this.#object(objects, shape, path);
    const arrays = forms.filter((form) => kindsOf(form).has("array"));
    if (shape.items !== undefined && arrays.length > 0 && arrays.every((form) => itemSlots(form).length > 0)) {
      this.place(arrays.flatMap(itemSlots), shape.items, `${path}[]`);
    }
    this.#values(forms, shape, first.place, path);
  }

  #kind(forms: readonly Form[], kind: Kind, place: Place, path: string): void {
    if (forms.some((form) => kindsOf(form).has(kind))) return;
    const allowed = [...new Set(forms.flatMap((form) => [...kindsOf(form)]))].join(" | ");
    this.report(kind === "null" ? "null" : "kind", path, place, `${allowed || "nothing"}, seen ${kind}`);
  }

  #object(forms: readonly Form[], shape: Shape, path: string): void {
    const seen = shape.kinds.get("object");
    if (seen === undefined && shape.members.size === 0 && shape.any === undefined) return;
    const [first] = forms;
    const place = first?.[0]?.place;
    if (first === undefined || place === undefined) return;
    for (const name of requiredNames(first).keys()) {
      if (!forms.every((form) => requiredNames(form).has(name)) || this.#travelsNot(forms, name)) continue;
      const member = shape.members.get(name);
      const times = totalOf(member);
      if (seen !== undefined && (member === undefined || times < seen)) {
        const here = requiredNames(first).get(name)?.[0]?.place ?? place;
        this.report(
          "missing_required",
          path + printStep({ kind: "member", name }),
          here,
          `required, seen ${times} of ${seen} times`,
        );
      }
    }
    for (const [name, member] of shape.members)
      this.#member(forms, name, member, path + printStep({ kind: "member", name }));
    if (shape.any !== undefined) this.place(forms.flatMap(otherSlots), shape.any, `${path}.*`);
  }

  #member(forms: readonly Form[], name: string, shape: Shape, path: string): void {
    const slots = forms.flatMap((form) => propertySlots(form, name));
    const open = forms.filter((form) => propertySlots(form, name).length === 0);
    if (slots.length > 0) this.place(slots, shape, path);
    else if (open.every(isClosed)) this.report("closed_object", path, placeOf(open), "no such member is allowed");
    else if (open.some((form) => otherSlots(form).length > 0)) this.place(open.flatMap(otherSlots), shape, path);
    else this.report("unknown_field", path, placeOf(open), "no such member is described");
  }

  /** `readOnly` is not sent and `writeOnly` is not answered, whatever `required` says. */
  #travelsNot(forms: readonly Form[], name: string): boolean {
    const mark = this.#direction === "answer" ? "writeOnly" : "readOnly";
    return forms.some((form) =>
      propertySlots(form, name).some((slot) =>
        formsOf(this.#document, slot).some((inner) => inner.some(({ schema }) => schema[mark] === true)),
      ),
    );
  }

  #values(forms: readonly Form[], shape: Shape, place: Place, path: string): void {
    if (shape.values === undefined) return;
    for (const value of shape.values) {
      if (isRefusedByEnum(forms, value)) this.report("closed_enum", path, place, `seen ${JSON.stringify(value)}`);
    }
  }
}

/** A value of a kind that the schema lacks is another contradiction. */
function isRefusedByEnum(forms: readonly Form[], value: Json): boolean {
  const kind = isObject(value) ? "object" : (typeof value as Kind);
  const fitting = forms.filter((form) => kindsOf(form).has(kind));
  return fitting.length > 0 && fitting.every((form) => enumOf(form)?.includes(value) === false);
}

function placeOf(forms: readonly Form[]): Place {
  // forms of an object have at least one part: one without parts accepts everything and is never asked
  return forms[0]?.[0]?.place ?? { parent: undefined, key: "#" };
}
