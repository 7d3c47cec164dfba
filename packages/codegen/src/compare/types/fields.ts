import { schemaName } from "../../input/load/reachable.ts";
import { arrayAt, isObject, type Json, objectAt } from "../../json/json.ts";
import type { Module, Schema } from "../../output/ir/model.ts";

/** A field somebody may read or write, as the code that does so spells it. */
export interface Field {
  /** `.contact!.tags![0]!` */
  readonly code: string;
  /** The same for people: `ContactDto.tags[]`, with the nearest shared schema in front. */
  readonly label: string;
}

const MAX_DEPTH = 10;
const MAX_FIELDS = 400;

/** Returns every field of a schema that can be reached without choosing a variant of a union. */
export function fieldsOf(module: Module, schema: Schema, start: string): Field[] {
  const found = new Map<string, Field>();
  const walk = (
    value: Json,
    { code, label }: { readonly code: string; readonly label: string },
    open: readonly string[],
  ): void => {
    if (!isObject(value) || open.length > MAX_DEPTH || found.size >= MAX_FIELDS) return;
    if (typeof value.$ref === "string") {
      const name = schemaName(value.$ref);
      const target = name === undefined ? undefined : module.schemas[name];
      if (name === undefined || target === undefined || open.includes(name)) return;
      walk(target, { code, label: name }, [...open, name]);
      return;
    }
    for (const member of arrayAt(value.allOf)) walk(member, { code, label }, open);
    const variants = [...arrayAt(value.oneOf), ...arrayAt(value.anyOf)].filter(
      (variant) => objectAt(variant).type !== "null",
    );
    if (variants.length === 1 && variants[0] !== undefined) walk(variants[0], { code, label }, open);
    if (value.items !== undefined) walk(value.items, { code: `${code}[0]!`, label: `${label}[]` }, open);
    for (const [name, property] of Object.entries(objectAt(value.properties))) {
      const next = `${code}[${JSON.stringify(name)}]!`;
      const named = `${label}.${name}`;
      if (found.size < MAX_FIELDS) found.set(next, { code: next, label: named });
      walk(property, { code: next, label: named }, open);
    }
  };
  walk(schema as Json, { code: "", label: start }, []);
  return [...found.values()];
}
