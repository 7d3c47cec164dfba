import { byCodeUnit, equalJson, isObject, type Json } from "../../json/json.ts";
import type { BeforeAfter } from "../before-after.ts";
import type { Kind } from "../kinds.ts";
import { alternativesOf, describe, isAnything } from "./alternative.ts";
import type { Alternative } from "./alternative-model.ts";
import { type Annotation, annotation, ownAnnotation } from "./annotations.ts";
import { type Comparison, tell } from "./comparison.ts";
import { type Spot, step } from "./fact.ts";
import type { Node, SchemaSource } from "./node.ts";
import { compareObjects } from "./object.ts";
import { resolvedText } from "./resolved.ts";
import { ruleChange } from "./rules.ts";
import { pairVariants } from "./variants.ts";

/** Schemas that hold each other in many ways have no end of paths; a difference need not be told for each. */
const MAX_TIMES = 3;

/** Tells how the values of one place differ. */
export function compareNodes(comparison: Comparison, { before, after }: BeforeAfter<Node>, spot: Spot): void {
  const names = [comparison.before.reference(before), comparison.after.reference(after)] as const;
  if (names[0] !== undefined && names[1] !== undefined) {
    // what stands behind the references is told of the shared schema, once
    compareAnnotations(
      comparison,
      { before, after },
      { spot, read: (_, node, keyword) => ownAnnotation(node, keyword) },
    );
    comparison.report.shared(names[0], names[1], spot);
    return;
  }
  compareAnnotations(comparison, { before, after }, { spot, read: annotation });
  const pair = `${comparison.before.id(before)} ${comparison.after.id(after)}`;
  const times = comparison.met.get(pair) ?? 0;
  if (times >= MAX_TIMES || comparison.open.has(pair)) return;
  comparison.met.set(pair, times + 1);
  comparison.open.add(pair);
  compareForms(
    comparison,
    { before: alternativesOf(comparison.before, before), after: alternativesOf(comparison.after, after) },
    spot,
  );
  comparison.open.delete(pair);
}

type Read = (source: SchemaSource, node: Node, keyword: Annotation) => Json | undefined;

function compareAnnotations(
  comparison: Comparison,
  { before, after }: BeforeAfter<Node>,
  { spot, read }: { readonly spot: Spot; readonly read: Read },
): void {
  const pair = (keyword: Annotation): [Json | undefined, Json | undefined] => [
    read(comparison.before, before, keyword),
    read(comparison.after, after, keyword),
  ];
  const flag = (keyword: Annotation, set: Kind, gone: Kind): void => {
    const [was, is] = pair(keyword).map((value) => value === true);
    if (was !== is) tell(comparison, is === true ? set : gone, { spot });
  };
  flag("deprecated", "deprecated", "no-longer-deprecated");
  flag("readOnly", "now-read-only", "no-longer-read-only");
  flag("writeOnly", "now-write-only", "no-longer-write-only");
  const [was, is] = pair("default");
  if (equalJson(was, is)) return;
  const kind = was === undefined ? "default-added" : is === undefined ? "default-removed" : "default-changed";
  tell(comparison, kind, { spot, before: was, after: is });
}

function compareForms(
  comparison: Comparison,
  { before, after }: BeforeAfter<readonly Alternative[]>,
  spot: Spot,
): void {
  const [any, anyNow] = [before.some(isAnything), after.some(isAnything)];
  if (any && anyNow) return;
  if (any || anyNow) {
    tell(comparison, any ? "type-narrowed" : "type-widened", {
      spot,
      before: describe(before),
      after: describe(after),
    });
    return;
  }
  const [nullable, nullableNow] = [before.some(isNull), after.some(isNull)];
  const [old, now] = [before.filter((form) => !isNull(form)), after.filter((form) => !isNull(form))];
  if (nullable !== nullableNow && old.length > 0 && now.length > 0) {
    tell(comparison, nullableNow ? "now-nullable" : "no-longer-nullable", { spot });
  } else if (nullable !== nullableNow) {
    tell(comparison, "type-changed", { spot, before: describe(before), after: describe(after) });
    return;
  }
  const [told, tells] = [discriminators(old), discriminators(now)];
  if (!equalJson(told, tells)) tell(comparison, "discriminator-changed", { spot, before: told, after: tells });
  const { pairs, removed, added } = pairVariants(comparison, old, now);
  for (const [a, b, part] of pairs)
    compareForm(comparison, { before: a, after: b }, part === "" ? spot : step(spot, part));
  tellUnpaired(comparison, { old, now, removed, added }, spot);
}

function tellUnpaired(
  comparison: Comparison,
  {
    old,
    now,
    removed,
    added,
  }: {
    readonly old: readonly Alternative[];
    readonly now: readonly Alternative[];
    readonly removed: readonly Alternative[];
    readonly added: readonly Alternative[];
  },
  spot: Spot,
): void {
  if (removed.length === 0 && added.length === 0) return;
  if (removed.length === old.length && added.length === now.length) {
    tell(comparison, "type-changed", { spot, before: describe(old), after: describe(now) });
    return;
  }
  const isVariant = ({ type }: Alternative): boolean => type === "object" || type === "array";
  for (const [list, kinds] of [
    [removed, ["variant-removed", "type-narrowed"]],
    [added, ["variant-added", "type-widened"]],
  ] as const) {
    for (const form of list.filter(isVariant)) {
      const [before, after] = list === removed ? [describe([form]), undefined] : [undefined, describe([form])];
      tell(comparison, kinds[0], { spot, before, after });
    }
    if (list.some((form) => !isVariant(form)))
      tell(comparison, kinds[1], { spot, before: describe(old), after: describe(now) });
  }
}

function compareForm(comparison: Comparison, { before, after }: BeforeAfter<Alternative>, spot: Spot): void {
  if (before.type !== after.type) {
    const kind =
      before.type === "any" || (before.type === "number" && after.type === "integer")
        ? "type-narrowed"
        : after.type === "any" || (before.type === "integer" && after.type === "number")
          ? "type-widened"
          : "type-changed";
    tell(comparison, kind, { spot, before: before.type, after: after.type });
    if (kind === "type-changed" || before.type === "any" || after.type === "any") return;
  }
  compareValues(comparison, { before: before.values, after: after.values }, spot);
  for (const keyword of new Set([...Object.keys(before.rules), ...Object.keys(after.rules)])) {
    const [was, is] = [before.rules[keyword], after.rules[keyword]];
    const kind = ruleChange(keyword, was, is);
    if (kind !== undefined) tell(comparison, kind, { spot, before: named(keyword, was), after: named(keyword, is) });
  }
  for (const keyword of new Set([...Object.keys(before.opaque), ...Object.keys(after.opaque)])) {
    const was = resolvedText(comparison.before, before.opaque[keyword]);
    const is = resolvedText(comparison.after, after.opaque[keyword]);
    if (was !== is) tell(comparison, "schema-changed", { spot, before: keyword, after: keyword });
  }
  if (before.items !== undefined || after.items !== undefined) {
    compareNodes(comparison, { before: before.items ?? [true], after: after.items ?? [true] }, step(spot, "[]"));
  }
  compareObjects(comparison, { before, after }, spot);
}

function compareValues(
  comparison: Comparison,
  { before, after }: BeforeAfter<readonly Json[] | undefined>,
  spot: Spot,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) tell(comparison, "enum-introduced", { spot, before: undefined, after: [...(after ?? [])] });
  else if (after === undefined) tell(comparison, "enum-dropped", { spot, before: [...before], after: undefined });
  else {
    const without = (list: readonly Json[], other: readonly Json[]): Json[] =>
      list.filter((value) => !other.some((known) => equalJson(known, value)));
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length > 0) tell(comparison, "enum-values-removed", { spot, before: gone, after: undefined });
    if (come.length > 0) tell(comparison, "enum-values-added", { spot, before: undefined, after: come });
  }
}

function named(keyword: string, value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : `${keyword} ${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** The fields that tell forms apart. The mapping beside them names schemas, which two documents may name otherwise. */
function discriminators(forms: readonly Alternative[]): string[] {
  const names = forms.flatMap(({ discriminator }) =>
    isObject(discriminator) ? [String(discriminator.propertyName)] : [],
  );
  return [...new Set(names)].sort(byCodeUnit);
}

function isNull({ type }: Alternative): boolean {
  return type === "null";
}
