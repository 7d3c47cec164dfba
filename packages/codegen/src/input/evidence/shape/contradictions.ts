import type { Json, JsonObject } from "../../../json/json.ts";
import { type Position, pointerOf, ROOT } from "../../../json/pointer.ts";
import { type Envelope, findEnvelope } from "./envelope.ts";
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
import { type Kind, kindOf } from "./kind.ts";
import { printStep } from "./path.ts";
import { type Shape, totalOf } from "./shape.ts";

/** Direction in which a value travels. */
export type Direction = "answer" | "request";

/**
 * Kind of a contradiction between a schema and the observed values.
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

/** A part of a schema that contradicts observed values. */
export interface Contradiction {
  readonly kind: ContradictionKind;
  /** Where it was seen, as evidence writes it: `$.contacts[].phone`. */
  readonly path: string;
  /** JSON Pointer of the schema that disagrees. */
  readonly pointer: string;
  /** The schema's rule and the observed value, in short. */
  readonly detail: string;
}

/** A contradiction with the schemas it is about, for the rules that repair it. */
export interface Disagreement extends Contradiction {
  /** The schemas any one of which a value at this position may satisfy. */
  readonly slots: readonly Slot[];
  /** Their forms; of a member the forms of the object it is missing from or unknown to. */
  readonly forms: readonly Form[];
  /** The member that is missing or unknown. */
  readonly name?: string;
  /** The kind that the schemas refuse. */
  readonly seen?: Kind;
  /** Shape that was seen at the position. */
  readonly shape: Shape;
  readonly envelope?: Envelope;
}

/** A schema in its document. */
export interface Target {
  readonly document: JsonObject;
  readonly slot: Slot;
}

/**
 * Finds every part of a schema that contradicts observed values. The function is pure.
 *
 * @param target - The schema and its document
 * @param shape - The observed values
 * @param direction - Whether the values were answers or requests
 * @returns One entry per contradiction; none when the schema allows everything that was seen
 * @example
 * ```ts
 * import { contradictions, shapeOf } from "@ghl-edge/codegen";
 *
 * const media = { schema: { type: "string" } };
 * const found = contradictions({ document: {}, slot: { holder: media, key: "schema", position: { parent: undefined, key: "#" } } }, shapeOf([7]), "answer");
 * ```
 */
export function contradictions(target: Target, shape: Shape, direction: Direction): Contradiction[] {
  return disagreements(target, { shape, direction }).map(({ kind, path, pointer, detail }) => ({
    kind,
    path,
    pointer,
    detail,
  }));
}

/** Observed bodies of one direction. */
export interface Traffic {
  readonly shape: Shape;
  readonly direction: Direction;
  readonly envelopes?: boolean;
}

/**
 * The same with what a repair needs to know.
 *
 * @param traffic - What was seen, which way it travelled, and whether an answer may stand in another envelope (default: true)
 */
export function disagreements(
  { document, slot }: Target,
  { shape, direction, envelopes = true }: Traffic,
): Disagreement[] {
  const check = new Check(document, direction);
  const envelope = envelopes && direction === "answer" ? findEnvelope(document, slot, shape) : undefined;
  if (envelope === undefined) {
    check.position([slot], shape, "$");
    return check.found;
  }
  const { member, instead, shape: inner, slots } = envelope;
  const path = member === undefined ? "$" : `$${printStep({ kind: "member", name: member })}`;
  const where = member === undefined ? "without a member around it" : `inside ${member}`;
  const detail = instead === undefined ? `everything was seen ${where}` : `described inside ${instead}, seen ${where}`;
  check.report("envelope", { path, position: slot.position }, { detail, slots: [slot], forms: [], shape, envelope });
  check.position(slots, inner, path);
  return check.found;
}

/** Members of a disagreement besides its position and kind. */
type Details = Omit<Disagreement, keyof Contradiction> & { readonly detail: string };

class Check {
  readonly found: Disagreement[] = [];
  readonly #document: JsonObject;
  readonly #direction: Direction;

  constructor(document: JsonObject, direction: Direction) {
    this.#document = document;
    this.#direction = direction;
  }

  report(
    kind: ContradictionKind,
    { path, position }: { readonly path: string; readonly position: Position },
    details: Details,
  ): void {
    this.found.push({ kind, path, pointer: pointerOf(position), ...details });
  }

  /** `slots`: the schemas any one of which a value at this position may satisfy. */
  position(slots: readonly Slot[], shape: Shape, path: string): void {
    const forms = slots.flatMap((slot) => formsOf(this.#document, slot));
    if (slots.length === 0 || forms.some((form) => form.length === 0)) return;
    for (const kind of shape.kinds.keys()) this.#kind(kind, { slots, forms, shape, detail: "" }, path);
    const objects = forms.filter((form) => kindsOf(form).has("object"));
    if (objects.length > 0) this.#object(objects, shape, path);
    const arrays = forms.filter((form) => kindsOf(form).has("array"));
    if (shape.items !== undefined && arrays.length > 0 && arrays.every((form) => itemSlots(form).length > 0)) {
      this.position(arrays.flatMap(itemSlots), shape.items, `${path}[]`);
    }
    this.#values({ slots, forms, shape, detail: "" }, path);
  }

  #kind(kind: Kind, details: Details, path: string): void {
    const { forms, slots } = details;
    const [first] = slots;
    if (first === undefined || forms.some((form) => kindsOf(form).has(kind))) return;
    const allowed = [...new Set(forms.flatMap((form) => [...kindsOf(form)]))].join(" | ");
    const detail = `${allowed || "nothing"}, seen ${kind}`;
    this.report(
      kind === "null" ? "null" : "kind",
      { path, position: first.position },
      { ...details, detail, seen: kind },
    );
  }

  #object(forms: readonly Form[], shape: Shape, path: string): void {
    const seen = shape.kinds.get("object");
    const [first] = forms;
    if (first === undefined) return;
    for (const [name, parts] of requiredNames(first)) {
      if (seen === undefined || this.#travelsNot(forms, name)) continue;
      if (!forms.every((form) => requiredNames(form).has(name))) continue;
      const member = shape.members.get(name);
      const times = totalOf(member);
      if (member !== undefined && times >= seen) continue;
      const detail = `required, seen ${times} of ${seen} times`;
      const here = path + printStep({ kind: "member", name });
      this.report(
        "missing_required",
        { path: here, position: parts[0]?.position ?? positionOf(forms) },
        {
          detail,
          slots: [],
          forms,
          name,
          shape,
        },
      );
    }
    for (const [name, member] of shape.members) {
      this.#member(name, { forms, shape: member, slots: [], detail: "" }, path + printStep({ kind: "member", name }));
    }
    if (shape.any !== undefined) this.position(forms.flatMap(otherSlots), shape.any, `${path}.*`);
  }

  #member(name: string, details: Details, path: string): void {
    const { forms, shape } = details;
    const slots = forms.flatMap((form) => propertySlots(form, name));
    const others = forms.flatMap(otherSlots);
    if (slots.length > 0) this.position(slots, shape, path);
    else if (forms.every(isClosed)) {
      this.report(
        "closed_object",
        { path, position: positionOf(forms) },
        { ...details, name, detail: "no such member is allowed" },
      );
    } else if (others.length > 0) this.position(others, shape, path);
    else
      this.report(
        "unknown_field",
        { path, position: positionOf(forms) },
        { ...details, name, detail: "no such member is described" },
      );
  }

  /** `readOnly` is not sent and `writeOnly` is not answered, whatever `required` says. */
  #travelsNot(forms: readonly Form[], name: string): boolean {
    const mark = this.#direction === "answer" ? "writeOnly" : "readOnly";
    const slots = forms.flatMap((form) => propertySlots(form, name));
    const parts = slots.flatMap((slot) => formsOf(this.#document, slot)).flat();
    return parts.some(({ schema }) => schema[mark] === true);
  }

  #values(details: Details, path: string): void {
    const [first] = details.slots;
    if (first === undefined) return;
    for (const value of details.shape.values ?? []) {
      if (!isRefusedByEnum(details.forms, value)) continue;
      this.report(
        "closed_enum",
        { path, position: first.position },
        { ...details, detail: `seen ${JSON.stringify(value)}` },
      );
    }
  }
}

/** A value of a kind that the schema lacks is another contradiction. */
function isRefusedByEnum(forms: readonly Form[], value: Json): boolean {
  const fitting = forms.filter((form) => kindsOf(form).has(kindOf(value)));
  return fitting.length > 0 && fitting.every((form) => enumOf(form)?.includes(value) === false);
}

function positionOf(forms: readonly Form[]): Position {
  // a form without parts accepts everything, and is never asked what it requires
  return forms[0]?.[0]?.position ?? ROOT;
}
