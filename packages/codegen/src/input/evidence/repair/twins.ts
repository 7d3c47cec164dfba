import { isObject, type Json, type JsonObject } from "../../../json/json.ts";
import { resolvePointer } from "../../../json/pointer.ts";

/** A value of a document, whose references are those of the document. */
export interface InDocument {
  readonly document: JsonObject;
  readonly value: Json | undefined;
}

/** Whether two schemas of two documents say the same, whatever the names of the schemas they refer to. */
export function saysTheSame(left: InDocument, right: InDocument, met: ReadonlySet<string> = new Set()): boolean {
  const a = left.value;
  const b = right.value;
  if (isObject(a) && isObject(b) && typeof a.$ref === "string" && typeof b.$ref === "string") {
    const pair = `${a.$ref} ${b.$ref}`;
    // a pair met on the way down is equal as far as everything else is
    return met.has(pair) || saysTheSame(target(left, a.$ref), target(right, b.$ref), new Set([...met, pair]));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => saysTheSame(at(left, item), at(right, b[index]), met));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && saysTheSame(at(left, a[key]), at(right, b[key]), met))
  );
}

function at({ document }: InDocument, value: Json | undefined): InDocument {
  return { document, value };
}

function target({ document }: InDocument, reference: string): InDocument {
  return { document, value: resolvePointer(document, reference) };
}
