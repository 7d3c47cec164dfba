import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, type Position, parsePointer, ROOT, resolvePointer } from "../../../json/pointer.ts";
import { KINDS, type Kind, kindOf } from "./kind.ts";

/** A member that holds a schema: where a schema can be replaced. */
export interface Slot {
  readonly holder: JsonObject;
  readonly key: string;
  readonly position: Position;
}

/** A schema object with its position; references are followed. */
export interface Part {
  readonly schema: JsonObject;
  readonly position: Position;
}

/** One way to be valid: a value of this form satisfies every part. */
export type Form = readonly Part[];

/** Beyond this many forms the rest of a union is not looked at. HighLevel's widest has 11. */
const MAX_FORMS = 64;

/** Every form of the schema in a slot. A schema that says nothing has one form without parts. */
export function formsOf(document: JsonObject, slot: Slot): Form[] {
  return schemaForms(document, { schema: slot.holder[slot.key], position: slot.position }, new Set());
}

function schemaForms(
  document: JsonObject,
  { schema, position }: { readonly schema: Json | undefined; readonly position: Position },
  met: ReadonlySet<string>,
): Form[] {
  if (schema === false) return [];
  if (!isObject(schema)) return [[]];
  if (typeof schema.$ref === "string") {
    if (met.has(schema.$ref)) return [];
    const target = resolvePointer(document, schema.$ref);
    const there = at(ROOT, ...(parsePointer(schema.$ref) ?? []));
    return schemaForms(document, { schema: target, position: there }, new Set([...met, schema.$ref]));
  }
  let forms: Form[] = [[{ schema, position }]];
  for (const [index, part] of arrayAt(schema.allOf).entries()) {
    forms = cross(forms, schemaForms(document, { schema: part, position: at(position, "allOf", index) }, met));
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    if (!Array.isArray(schema[keyword])) continue;
    const members = schema[keyword].flatMap((member, index) =>
      schemaForms(document, { schema: member, position: at(position, keyword, index) }, met),
    );
    forms = cross(forms, members);
  }
  return forms.slice(0, MAX_FORMS);
}

function cross(left: readonly Form[], right: readonly Form[]): Form[] {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

/** The kinds of value that a form lets through. */
export function kindsOf(form: Form): ReadonlySet<Kind> {
  let kinds: readonly Kind[] = KINDS;
  for (const { schema } of form) {
    const own = kindsOfSchema(schema);
    kinds = kinds.filter((kind) => own.includes(kind));
  }
  return new Set(kinds);
}

/** A schema without `type` is read by what it says otherwise: an enum by its values, properties as those of an object. */
function kindsOfSchema(schema: JsonObject): readonly Kind[] {
  // OpenAPI 3.0: documents as they come say it so
  if (schema.nullable === true) return [...kindsOfSchema({ ...schema, nullable: false }), "null"];
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? undefined : [schema.type];
  if (types !== undefined)
    return KINDS.filter((kind) => types.includes(kind) || (kind === "number" && types.includes("integer")));
  if (Array.isArray(schema.enum))
    return KINDS.filter((kind) => arrayAt(schema.enum).some((value) => kindOf(value) === kind));
  if (schema.properties !== undefined || schema.required !== undefined) return ["object"];
  return schema.items === undefined ? KINDS : ["array"];
}

/** Returns the slots that describe a member of an object: one for each part of the form that does. */
export function propertySlots(form: Form, name: string): Slot[] {
  return form.flatMap(({ schema, position }) => {
    const properties = objectAt(schema.properties);
    return Object.hasOwn(properties, name)
      ? [{ holder: properties, key: name, position: at(position, "properties", name) }]
      : [];
  });
}

/** Returns the slots that describe members without naming them. */
export function otherSlots(form: Form): Slot[] {
  return keywordSlots(form, "additionalProperties").filter(({ holder, key }) => isObject(holder[key]));
}

/** Returns the slots that describe the items of an array. */
export function itemSlots(form: Form): Slot[] {
  return keywordSlots(form, "items");
}

function keywordSlots(form: Form, key: string): Slot[] {
  return form.flatMap(({ schema, position }) =>
    schema[key] === undefined ? [] : [{ holder: schema, key, position: at(position, key) }],
  );
}

/** Names of the members that the form describes. */
export function propertyNames(form: Form): Set<string> {
  return new Set(form.flatMap(({ schema }) => Object.keys(objectAt(schema.properties))));
}

/** Names of the members that the form requires, with the parts that do. */
export function requiredNames(form: Form): Map<string, Part[]> {
  const names = new Map<string, Part[]>();
  for (const part of form) {
    for (const name of arrayAt(part.schema.required)) {
      if (typeof name === "string") names.set(name, [...(names.get(name) ?? []), part]);
    }
  }
  return names;
}

/** The form refuses members that it does not name. */
export function isClosed(form: Form): boolean {
  return form.some(({ schema }) => schema.additionalProperties === false);
}

/** The only values that the form lets through; undefined when it has no enum. */
export function enumOf(form: Form): readonly Json[] | undefined {
  for (const { schema } of form) if (Array.isArray(schema.enum)) return schema.enum;
  return undefined;
}
