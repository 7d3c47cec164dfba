import { byCodeUnit, type Json } from "../../json/json.ts";
import type { BeforeAfter } from "../before-after.ts";
import { type Fingerprints, NOTHING } from "./fingerprint.ts";
import type { Variant } from "./variant-model.ts";

/** Counts the differences of two variants at their own level. It returns 0 when their fingerprints are equal. */
export function distance(
  { before, after }: BeforeAfter<Fingerprints>,
  { a, b }: { readonly a: Variant; readonly b: Variant },
): number {
  if (before.ofVariant(a) === after.ofVariant(b)) return 0;
  let count = 1;
  for (const name of new Set([...a.properties.keys(), ...b.properties.keys()])) {
    const [was, is] = [a.properties.get(name), b.properties.get(name)];
    if (was === undefined || is === undefined) count += 2;
    else if (before.ofNode(was.node) !== after.ofNode(is.node)) count += 1;
    if (a.required.has(name) !== b.required.has(name)) count += 1;
  }
  const same = (x: Json | undefined, y: Json | undefined): boolean => text(x) === text(y);
  if (!same(a.values && [...a.values], b.values && [...b.values])) count += 1;
  if (!same(a.rules, b.rules)) count += 1;
  if ((a.items === undefined) !== (b.items === undefined)) count += 1;
  else if (a.items !== undefined && b.items !== undefined && before.ofNode(a.items) !== after.ofNode(b.items))
    count += 1;
  return count;
}

function text(value: Json | undefined): string {
  const sorted = Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort(byCodeUnit) : value;
  return JSON.stringify(sorted) ?? NOTHING;
}
