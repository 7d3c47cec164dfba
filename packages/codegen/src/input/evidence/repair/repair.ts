import { arrayAt, byCodeUnit, isObject, type JsonObject, objectAt, setMember } from "../../../json/json.ts";
import { type Direction, type Disagreement, disagreements, type Target } from "../shape/contradictions.ts";
import { type Form, kindsOf, requiredNames } from "../shape/forms.ts";
import type { Shape } from "../shape/shape.ts";
import type { KnownFields } from "./known-fields.ts";
import { openEnvelope } from "./open-envelope.ts";
import { schemaOfMember } from "./schema-of-shape.ts";
import { widen } from "./widen.ts";

/** A repair uncovers at most what stands below it, so rounds are bounded by the depth of a shape. */
const MAX_ROUNDS = 50;

/** A shape that was seen, with the direction in which it travelled. */
export interface SeenTraffic {
  readonly shape: Shape;
  readonly direction: Direction;
}

export interface RepairOptions {
  /** Whether an answer may be moved into an envelope, or out of one. Default true. */
  readonly envelopes?: boolean;
  /** Whether a schema is made to accept a kind that it refuses, null apart. Default true. */
  readonly kinds?: boolean;
  /** Schemas of fields by name, from the document. Default: none. */
  readonly known?: KnownFields;
}

/**
 * Changes the schemas that contradict what was seen, in place, until none does. It only loosens: a value that the schema
 * let through before it still lets through, except that an envelope replaces what it contradicts.
 */
export function repairBySeen(
  target: Target,
  { shape, direction }: SeenTraffic,
  options: RepairOptions = {},
): Disagreement[] {
  const { envelopes = true, kinds = true, known = new Map() } = options;
  const repaired: Disagreement[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = disagreements(target, { shape, direction, envelopes }).filter(({ kind }) => kinds || kind !== "kind");
    const [envelope] = found;
    // what is found below an envelope is found again once the envelope is there
    const due = envelope?.kind === "envelope" ? [envelope] : found;
    for (const one of due) repair(one, known);
    repaired.push(...due);
    if (due.length === 0) return repaired;
  }
  throw new Error(`repair must resolve ${repaired.at(-1)?.path} at ${repaired.at(-1)?.pointer}`);
}

function repair(one: Disagreement, known: KnownFields): void {
  switch (one.kind) {
    case "missing_required":
      dropRequired(one.forms, one.name ?? "");
      break;
    case "null":
    case "kind":
      for (const slot of one.slots) if (one.seen !== undefined) widen(slot, one.seen, { shape: one.shape, known });
      break;
    case "closed_object":
    case "unknown_field":
      addProperty(one, known);
      break;
    case "closed_enum":
      for (const form of one.forms) addValues(form, one.shape);
      break;
    case "envelope":
      if (one.envelope !== undefined) openEnvelope(one.slots, one.envelope);
  }
}

function dropRequired(forms: readonly Form[], name: string): void {
  for (const { schema } of forms.flatMap((form) => requiredNames(form).get(name) ?? [])) {
    schema.required = arrayAt(schema.required).filter((one) => one !== name);
    if (schema.required.length === 0) delete schema.required;
  }
}

/** The member goes where the most members are described: into the record, not into what is put beside it. */
function addProperty({ forms, name = "", shape }: Disagreement, known: KnownFields): void {
  const parts = forms
    .flatMap((form) => (kindsOf(form).has("object") ? form : []))
    .filter(({ schema }) => isObjectPart(schema));
  const size = (schema: JsonObject) => Object.keys(objectAt(schema.properties)).length;
  const [first, ...rest] = parts.map(({ schema }) => schema);
  if (first === undefined) throw new Error(`object schema not found for ${name}`);
  const target = rest.reduce((best, one) => (size(one) > size(best) ? one : best), first);
  if (target.properties === undefined) {
    target.properties = {};
    // an object without properties was open, and stays so
    target.type ??= "object";
    target.additionalProperties ??= true;
  }
  const properties = objectAt(target.properties);
  setMember(properties, name, schemaOfMember(name, shape, known));
  target.properties = sortTop(properties);
}

/** Sorts members as the documents do. */
function sortTop(properties: JsonObject): JsonObject {
  const sorted: JsonObject = {};
  for (const name of Object.keys(properties).sort(byCodeUnit)) setMember(sorted, name, properties[name] ?? {});
  return sorted;
}

function isObjectPart(schema: JsonObject): boolean {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const isComposition = ["allOf", "anyOf", "oneOf"].some((keyword) => schema[keyword] !== undefined);
  return types.includes("object") || isObject(schema.properties) || (schema.type === undefined && !isComposition);
}

function addValues(form: Form, shape: Shape): void {
  for (const { schema } of form) {
    if (!Array.isArray(schema.enum)) continue;
    for (const value of shape.values ?? []) if (!schema.enum.includes(value)) schema.enum.push(value);
  }
}
