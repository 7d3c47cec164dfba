import { isObject, type Json } from "../../json/json.ts";
import type { SchemaSource } from "./node.ts";

/** A value as text with every reference in it followed; a schema that holds itself ends in its name. */
export function resolvedText(source: SchemaSource, value: Json | undefined): string {
  const write = (part: Json, met: readonly string[]): string => {
    if (Array.isArray(part)) return `[${part.map((item) => write(item, met)).join()}]`;
    if (!isObject(part)) return JSON.stringify(part);
    const name = source.reference([part]);
    if (name !== undefined) {
      if (met.includes(name)) return `^${name}`;
      return write(source.named(name)[0] ?? true, [...met, name]);
    }
    const members = Object.keys(part).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${write(part[key] ?? null, met)}`).join()}}`;
  };
  return value === undefined ? "" : write(value, []);
}
