import { byCodeUnit, equalJson, isObject, type Json } from "../../json/json.ts";
import type { BeforeAfter } from "../before-after.ts";
import type { Kind } from "../kinds.ts";
import { type Annotation, annotation, ownAnnotation } from "./annotations.ts";
import { type Position, step } from "./change.ts";
import { type Comparison, reportChange } from "./comparison.ts";
import type { Node, SchemaSource } from "./node.ts";
import { compareObjects } from "./object.ts";
import { pairVariants } from "./pair-variants.ts";
import { resolvedText } from "./resolved.ts";
import { ruleChange } from "./rules.ts";
import { describe, isAnything, variantsOf } from "./variant.ts";
import type { Variant } from "./variant-model.ts";

/** Maximum number of comparisons per pair. Schemas that contain each other have no end of paths; a few are enough. */
const MAX_TIMES = 3;

/** Reports how the values at one position differ. */
export function compareNodes(comparison: Comparison, { before, after }: BeforeAfter<Node>, position: Position): void {
  const names = [comparison.before.reference(before), comparison.after.reference(after)] as const;
  if (names[0] !== undefined && names[1] !== undefined) {
    // changes behind the references are reported once, for the shared schema
    compareAnnotations(
      comparison,
      { before, after },
      { position, read: (_, node, keyword) => ownAnnotation(node, keyword) },
    );
    comparison.report.shared(names[0], names[1], position);
    return;
  }
  compareAnnotations(comparison, { before, after }, { position, read: annotation });
  const pair = `${comparison.before.id(before)} ${comparison.after.id(after)}`;
  const times = comparison.met.get(pair) ?? 0;
  if (times >= MAX_TIMES || comparison.open.has(pair)) return;
  comparison.met.set(pair, times + 1);
  comparison.open.add(pair);
  compareVariants(
    comparison,
    { before: variantsOf(comparison.before, before), after: variantsOf(comparison.after, after) },
    position,
  );
  comparison.open.delete(pair);
}

type Read = (source: SchemaSource, node: Node, keyword: Annotation) => Json | undefined;

function compareAnnotations(
  comparison: Comparison,
  { before, after }: BeforeAfter<Node>,
  { position, read }: { readonly position: Position; readonly read: Read },
): void {
  const pair = (keyword: Annotation): [Json | undefined, Json | undefined] => [
    read(comparison.before, before, keyword),
    read(comparison.after, after, keyword),
  ];
  const flag = (keyword: Annotation, set: Kind, gone: Kind): void => {
    const [was, is] = pair(keyword).map((value) => value === true);
    if (was !== is) reportChange(comparison, is === true ? set : gone, { position });
  };
  flag("deprecated", "deprecated", "no-longer-deprecated");
  flag("readOnly", "now-read-only", "no-longer-read-only");
  flag("writeOnly", "now-write-only", "no-longer-write-only");
  const [was, is] = pair("default");
  if (equalJson(was, is)) return;
  const kind = was === undefined ? "default-added" : is === undefined ? "default-removed" : "default-changed";
  reportChange(comparison, kind, { position, before: was, after: is });
}

function compareVariants(
  comparison: Comparison,
  { before, after }: BeforeAfter<readonly Variant[]>,
  position: Position,
): void {
  const [any, anyNow] = [before.some(isAnything), after.some(isAnything)];
  if (any && anyNow) return;
  if (any || anyNow) {
    reportChange(comparison, any ? "type-narrowed" : "type-widened", {
      position,
      before: describe(before),
      after: describe(after),
    });
    return;
  }
  const [nullable, nullableNow] = [before.some(isNull), after.some(isNull)];
  const [old, now] = [before.filter((variant) => !isNull(variant)), after.filter((variant) => !isNull(variant))];
  if (nullable !== nullableNow && old.length > 0 && now.length > 0) {
    reportChange(comparison, nullableNow ? "now-nullable" : "no-longer-nullable", { position });
  } else if (nullable !== nullableNow) {
    reportChange(comparison, "type-changed", { position, before: describe(before), after: describe(after) });
    return;
  }
  const [fieldsBefore, fieldsAfter] = [discriminators(old), discriminators(now)];
  if (!equalJson(fieldsBefore, fieldsAfter))
    reportChange(comparison, "discriminator-changed", { position, before: fieldsBefore, after: fieldsAfter });
  const { pairs, removed, added } = pairVariants(comparison, old, now);
  for (const [a, b, part] of pairs)
    compareVariant(comparison, { before: a, after: b }, part === "" ? position : step(position, part));
  reportUnpaired(comparison, { old, now, removed, added }, position);
}

function reportUnpaired(
  comparison: Comparison,
  {
    old,
    now,
    removed,
    added,
  }: {
    readonly old: readonly Variant[];
    readonly now: readonly Variant[];
    readonly removed: readonly Variant[];
    readonly added: readonly Variant[];
  },
  position: Position,
): void {
  if (removed.length === 0 && added.length === 0) return;
  if (removed.length === old.length && added.length === now.length) {
    reportChange(comparison, "type-changed", { position, before: describe(old), after: describe(now) });
    return;
  }
  const isNested = ({ type }: Variant): boolean => type === "object" || type === "array";
  for (const [list, kinds] of [
    [removed, ["variant-removed", "type-narrowed"]],
    [added, ["variant-added", "type-widened"]],
  ] as const) {
    for (const variant of list.filter(isNested)) {
      const [before, after] = list === removed ? [describe([variant]), undefined] : [undefined, describe([variant])];
      reportChange(comparison, kinds[0], { position, before, after });
    }
    if (list.some((variant) => !isNested(variant)))
      reportChange(comparison, kinds[1], { position, before: describe(old), after: describe(now) });
  }
}

function compareVariant(comparison: Comparison, { before, after }: BeforeAfter<Variant>, position: Position): void {
  if (before.type !== after.type) {
    const kind =
      before.type === "any" || (before.type === "number" && after.type === "integer")
        ? "type-narrowed"
        : after.type === "any" || (before.type === "integer" && after.type === "number")
          ? "type-widened"
          : "type-changed";
    reportChange(comparison, kind, { position, before: before.type, after: after.type });
    if (kind === "type-changed" || before.type === "any" || after.type === "any") return;
  }
  compareValues(comparison, { before: before.values, after: after.values }, position);
  for (const keyword of new Set([...Object.keys(before.rules), ...Object.keys(after.rules)])) {
    const [was, is] = [before.rules[keyword], after.rules[keyword]];
    const kind = ruleChange(keyword, was, is);
    if (kind !== undefined)
      reportChange(comparison, kind, { position, before: named(keyword, was), after: named(keyword, is) });
  }
  for (const keyword of new Set([...Object.keys(before.opaque), ...Object.keys(after.opaque)])) {
    const was = resolvedText(comparison.before, before.opaque[keyword]);
    const is = resolvedText(comparison.after, after.opaque[keyword]);
    if (was !== is) reportChange(comparison, "schema-changed", { position, before: keyword, after: keyword });
  }
  if (before.items !== undefined || after.items !== undefined) {
    compareNodes(comparison, { before: before.items ?? [true], after: after.items ?? [true] }, step(position, "[]"));
  }
  compareObjects(comparison, { before, after }, position);
}

function compareValues(
  comparison: Comparison,
  { before, after }: BeforeAfter<readonly Json[] | undefined>,
  position: Position,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined)
    reportChange(comparison, "enum-introduced", { position, before: undefined, after: [...(after ?? [])] });
  else if (after === undefined)
    reportChange(comparison, "enum-dropped", { position, before: [...before], after: undefined });
  else {
    const without = (list: readonly Json[], other: readonly Json[]): Json[] =>
      list.filter((value) => !other.some((known) => equalJson(known, value)));
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length > 0) reportChange(comparison, "enum-values-removed", { position, before: gone, after: undefined });
    if (come.length > 0) reportChange(comparison, "enum-values-added", { position, before: undefined, after: come });
  }
}

function named(keyword: string, value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : `${keyword} ${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** Returns the discriminator fields. Their mapping is ignored: it holds schema names, which may differ in two documents. */
function discriminators(variants: readonly Variant[]): string[] {
  const names = variants.flatMap(({ discriminator }) =>
    isObject(discriminator) ? [String(discriminator.propertyName)] : [],
  );
  return [...new Set(names)].sort(byCodeUnit);
}

function isNull({ type }: Variant): boolean {
  return type === "null";
}
